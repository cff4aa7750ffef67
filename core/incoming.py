"""What a line of a list of subscriptions means: where it goes, and how it is to be read."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import UserError
from core.kinds.options import read_options
from core.opml import Outline
from core.requests import check_interval, check_url
from core.set_keys import KEYS, Value

BY_FOLDER = "by-folder"
_SET = ("title", "tags", "silent", "preview", "media", "pages", "approve", "expire", "filter", "template")
_HIGHEST_TOPIC = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A line that can be taken."""

    url: str
    kind: str
    rules: str
    topic_id: int
    interval_s: float | None
    changes: tuple[tuple[str, Value | None], ...] = ()
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What was asked for all lines at once; None or empty: what the file says.

    Attributes:
        topic: a number, or `by-folder`.
        kind: how to read each source; `auto` where the file does not say either.
        interval_s: how often to look.
        interval_min_s: INTERVAL_MIN.
        topics: topics of the chat by their names in lower case.
    """

    interval_min_s: float
    topics: Mapping[str, int]
    topic: str = ""
    kind: str = ""
    interval_s: float | None = None


def read_outline(outline: Outline, ways: Ways) -> Wanted:
    """Read one subscription of a list. What other programs say of it beside its address is not asked about.

    Raises:
        UserError: it cannot be taken, and why.
    """
    values = outline.values
    kind, rules = values.get("kind", ""), values.get("rules")
    if ways.kind and not (ways.kind == "auto" and kind):
        kind, rules = ways.kind, None
    kind, rules = read_options(kind or "feed", select=None, rules=rules)
    return Wanted(
        url=check_url(outline.url),
        kind=kind,
        rules=rules,
        topic_id=_topic(outline, ways),
        interval_s=ways.interval_s if ways.interval_s is not None else _interval(values, ways),
        changes=tuple((key, KEYS[key].read(values[key], 0.0)) for key in _SET if values.get(key)),
        paused=values.get("paused") == "yes",
    )


def _interval(values: Mapping[str, str], ways: Ways) -> float | None:
    if not values.get("every"):
        return None
    return check_interval(values["every"], interval_min_s=ways.interval_min_s)


def _topic(outline: Outline, ways: Ways) -> int:
    if ways.topic not in ("", BY_FOLDER):
        return int(ways.topic)
    own = outline.values.get("topic", "")
    if own:
        return _number(own)
    if not ways.topic or not outline.folders:
        return 0
    folder = outline.folders[-1]
    if folder.values.get("topic"):
        return _number(folder.values["topic"])
    known = ways.topics.get(folder.name.casefold())
    if known is None:
        raise UserError("no topic here is known to be called “{name}”; say --topic N", name=folder.name[:100])
    return known


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:12]) >= _HIGHEST_TOPIC:
        raise UserError("“{text}” is no topic", text=text[:30])
    return int(text)
