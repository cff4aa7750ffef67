"""`/set N key=value ...`: the keys there are, and how each value is read."""

from collections.abc import Callable
from dataclasses import dataclass

from core import set_values
from core.access import check_header, check_proxy, check_user_agent
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.requests import Target, check_backlog, check_interval, split_target
from core.set_pairs import pairs_in
from core.set_values import yes_or_no
from core.templates.defaults import DEFAULTS

_SHORT_FORMS = {
    "set_interval": "every",
    "setinterval": "every",
    "set_title": "title",
    "set_hashtags": "tags",
    "setfeedtag": "tags",
}
"""Commands of other bots that set one thing: `/set_interval N 30m`."""

Value = str | float | bool | tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetKey:
    """One thing that can be set.

    Attributes:
        read: makes the value of what was typed and INTERVAL_MIN; raises UserError.
        does: what to tell about it.
        secret: its values are shown to nobody.
        owners_only: editors of a chat may not set it, and why.
    """

    name: str
    read: Callable[[str, float], Value]
    does: str
    secret: bool = False
    owners_only: str = ""

    @property
    def told(self) -> str:
        """What to tell about it, in the language that holds now."""
        return _(self.does).replace("LOOKS", ", ".join(DEFAULTS))


KEYS: dict[str, SetKey] = {
    key.name: key
    for key in (
        SetKey(
            name="every",
            read=lambda text, least_s: check_interval(text, interval_min_s=least_s),
            does=marked("how often I look at it, like 30m; by default it follows its own rhythm"),
        ),
        SetKey(
            name="backlog",
            read=lambda text, _rest: check_backlog(text),
            does=marked(
                "what is posted of what it shows at first, like none, 5 or 12h, until it was read once"
            ),
        ),
        SetKey(name="title", read=set_values.title, does=marked("what stands under its posts")),
        SetKey(
            name="tags", read=set_values.tags, does=marked("hashtags for its posts, like tags=#news #tech")
        ),
        SetKey(name="silent", read=yes_or_no("silent"), does=marked("yes posts without a sound")),
        SetKey(
            name="preview", read=yes_or_no("preview"), does=marked("no posts without a preview of the page")
        ),
        SetKey(name="media", read=yes_or_no("media"), does=marked("no posts without pictures")),
        SetKey(
            name="topic",
            read=set_values.topic,
            does=marked("the topic of the chat to which its posts go, like 45; general for none"),
        ),
        SetKey(
            name="pages",
            read=yes_or_no("pages"),
            does=marked("no posts what the source says, without reading the pages of its links"),
        ),
        SetKey(
            name="filter",
            read=set_values.rules,
            does=marked(
                'rules for what of it is posted, like filter="block title ~ webinar"; /filter tells more'
            ),
        ),
        SetKey(
            name="template",
            read=set_values.template,
            does=marked(
                "how its posts look: LOOKS, or a text with {{ fields }}; /template tells more, and shows it "
                "before it holds"
            ),
        ),
        SetKey(
            name="approve",
            read=yes_or_no("approve"),
            does=marked("yes posts nothing before somebody says so: one question with buttons for each link"),
        ),
        SetKey(
            name="expire",
            read=set_values.expire,
            does=marked("how long a link may wait before it is dropped, like 6h"),
        ),
        SetKey(
            name="user_agent",
            read=lambda text, _rest: check_user_agent(text),
            does=marked("what I say I am when I ask for it"),
        ),
        SetKey(
            name="header",
            read=lambda text, _rest: check_header(text),
            does=marked('a header to ask with, like header="Authorization: Bearer abc"; once for each'),
            secret=True,
        ),
        SetKey(
            name="proxy",
            read=lambda text, _rest: check_proxy(text),
            does=marked("the proxy to ask through, like socks5://user:password@host:1080"),
            secret=True,
            owners_only=marked(
                "proxy: only an owner of the bot may set one, for it decides from where I ask."
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRequest:
    """What `/set` was asked for: changes in their order, None for "as if never set"."""

    target: Target | None = None
    number: int | None = None
    changes: tuple[tuple[str, Value | None], ...] = ()


def parse_set(text: str, *, interval_min_s: float, command: str = "set") -> SetRequest:
    """Read the words after `/set`, or after one of its other names.

    Raises:
        UserError: a key or value is wrong; secrets are not repeated.
    """
    target, others = split_target(text.split(maxsplit=1))
    words = (text if target is None else "".join(others)).split(maxsplit=1)
    if not words:
        return SetRequest(target=target)
    if not words[0].isdecimal():
        raise UserError("Say the number of a source first, like /set 3 every=30m. /list shows the numbers.")
    said = words[1].strip() if len(words) > 1 else ""
    key = _SHORT_FORMS.get(command)
    changes = (_change(key, said, interval_min_s),) if key and said else _changes(said, interval_min_s)
    return SetRequest(target=target, number=int(words[0][:18]), changes=changes)


def _changes(text: str, least_s: float) -> tuple[tuple[str, Value | None], ...]:
    changes = []
    for key, value in pairs_in(text, KEYS):
        if not key:
            raise _unknown(value.split(maxsplit=1)[0].partition("=")[0])
        changes.append(_change(key, value, least_s))
    return tuple(changes)


def _change(key: str, text: str, least_s: float) -> tuple[str, Value | None]:
    if key not in KEYS:
        raise _unknown(key)
    if not text or text.lower() == "default":
        return key, None
    return key, KEYS[key].read(text, least_s)


def _unknown(key: str) -> UserError:
    return UserError("There is no “{key}” to set here. I know {keys}.", key=key[:30], keys=", ".join(KEYS))
