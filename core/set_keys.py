"""`/set N key=value ...`: the keys there are, and how each value is read."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.access import check_header, check_proxy, check_user_agent
from core.durations import parse_duration
from core.errors import UserError
from core.filters.parsing import parse_rules
from core.filters.writing import write_rules
from core.requests import Target, check_interval, split_target, unquoted
from core.text import cut, one_line

_TITLE_LIMIT = 200
_SHORTEST_EXPIRE_S = 60
_YES = frozenset({"yes", "on", "true", "1"})
_NO = frozenset({"no", "off", "false", "0"})
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


def _title(text: str, _least_s: float) -> str:
    return cut(one_line(text), _TITLE_LIMIT)


def _expire(text: str, _least_s: float) -> float:
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise UserError(f"expire: {error}") from None
    if seconds < _SHORTEST_EXPIRE_S:
        raise UserError("expire: a minute is the least.")
    return seconds


def _yes_or_no(name: str) -> Callable[[str, float], bool]:
    def read(text: str, _least_s: float) -> bool:
        if text.lower() not in _YES | _NO:
            raise UserError(f"{name}: say yes or no.")
        return text.lower() in _YES

    return read


KEYS: dict[str, SetKey] = {
    key.name: key
    for key in (
        SetKey(
            name="every",
            read=lambda text, least_s: check_interval(text, interval_min_s=least_s),
            does="how often I look at it, like 30m; by default it follows its own rhythm",
        ),
        SetKey(name="title", read=_title, does="what stands under its posts"),
        SetKey(name="silent", read=_yes_or_no("silent"), does="yes posts without a sound"),
        SetKey(name="expire", read=_expire, does="how long a link may wait before it is dropped, like 6h"),
        SetKey(name="preview", read=_yes_or_no("preview"), does="no posts without a preview of the page"),
        SetKey(name="media", read=_yes_or_no("media"), does="no posts without pictures"),
        SetKey(
            name="filter",
            read=lambda text, _: "" if text.lower() in _NO else write_rules(parse_rules(text)),
            does='rules for what of it is posted, like filter="block title ~ webinar"; /filter tells more',
        ),
        SetKey(
            name="approve",
            read=_yes_or_no("approve"),
            does="yes posts nothing before somebody says so: one question with buttons for each link",
        ),
        SetKey(
            name="user_agent",
            read=lambda text, _: check_user_agent(text),
            does="what I say I am when I ask for it",
        ),
        SetKey(
            name="header",
            read=lambda text, _: check_header(text),
            does='a header to ask with, like header="Authorization: Bearer abc"; once for each',
            secret=True,
        ),
        SetKey(
            name="proxy",
            read=lambda text, _: check_proxy(text),
            does="the proxy to ask through, like socks5://user:password@host:1080",
            secret=True,
            owners_only="proxy: only an owner of the bot may set one, for it decides from where I ask.",
        ),
    )
}
_BEGINNINGS = "|".join(KEYS)
_PAIR = re.compile(
    rf"(?P<key>{_BEGINNINGS})="
    r"(?P<value>\"[^\"]*\"|'[^']*'|“[^”]*”|«[^»]*»|.*?)"
    rf"(?=\s+(?:{_BEGINNINGS})=|\s*$)",
    re.IGNORECASE | re.DOTALL,
)


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
    end = 0
    for found in _PAIR.finditer(text):
        _nothing_but_pairs(text[end : found.start()])
        changes.append(_change(found["key"].lower(), unquoted(found["value"].strip()), least_s))
        end = found.end()
    _nothing_but_pairs(text[end:])
    return tuple(changes)


def _change(key: str, text: str, least_s: float) -> tuple[str, Value | None]:
    if key not in KEYS:
        raise _unknown(key)
    if not text or text.lower() == "default":
        return key, None
    return key, KEYS[key].read(text, least_s)


def _nothing_but_pairs(text: str) -> None:
    if text.strip():
        raise _unknown(text.split(maxsplit=1)[0].partition("=")[0])


def _unknown(key: str) -> UserError:
    return UserError(f"There is no “{key[:30]}” to set here. I know {', '.join(KEYS)}.")
