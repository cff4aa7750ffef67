"""Which entries are posted of those that a new source already shows, or that came during a pause.

None, N, a span, a date, all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from core.durations import parse_duration
from core.errors import WrongValue
from core.protocol import Candidate

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[t ]\d{2}:\d{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """A backlog policy; `text` is its canonical spelling, as stored."""

    kind: Literal["none", "all", "newest", "span", "since"]
    text: str
    count: int = 0
    span_s: float = 0.0
    since_ms: int = 0


_NONE = Backlog(kind="none", text="none")


def parse_backlog(text: str) -> Backlog:
    """Read a policy.

    Raises:
        WrongValue: it is none of the known forms, or a date that the calendar does not have.
    """
    word = text.strip().lower()
    if word in ("none", "no"):
        return _NONE
    if word == "all":
        return Backlog(kind="all", text="all")
    if word.isascii() and word.isdigit():
        count = int(word)
        return Backlog(kind="newest", text=str(count), count=count) if count else _NONE
    if _DATE.fullmatch(word):
        return Backlog(kind="since", text=word, since_ms=_moment_ms(word))
    try:
        return Backlog(kind="span", text=word, span_s=parse_duration(word))
    except WrongValue:
        raise WrongValue(
            "{text!r} is no backlog: write none, all, a number, a span such as 12h, "
            "or a date such as 2026-01-31",
            text=text,
        ) from None


def _moment_ms(date: str) -> int:
    try:
        moment = datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        raise WrongValue("{text!r}: no calendar has such a month, day or hour", text=date) from None
    return round(moment.timestamp() * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An entry as far as its choice depends on it."""

    key: str
    published_ms: int | None


def choose_missed(entries: Sequence[Dated], backlog: Backlog, *, resumed_ms: int, now_ms: int) -> set[str]:
    """Return the keys of the entries to post, of those that a paused subscription missed.

    What was published after it went on was not missed, and is posted whatever the policy says.
    """
    new = {each.key for each in entries if each.published_ms is not None and each.published_ms >= resumed_ms}
    return new | choose([each for each in entries if each.key not in new], backlog, now_ms=now_ms)


def choose(candidates: Sequence[Candidate | Dated], backlog: Backlog, *, now_ms: int) -> set[str]:
    """Return the keys of the candidates to post, of those given in publishing order.

    An entry without a date is in no span and after no date: none is invented for it.
    """
    match backlog.kind:
        case "none":
            return set()
        case "all":
            chosen = list(candidates)
        case "newest":
            chosen = list(candidates[-backlog.count :])
        case "span":
            earliest_ms = now_ms - backlog.span_s * 1000
            chosen = [c for c in candidates if c.published_ms is not None and c.published_ms >= earliest_ms]
        case "since":
            chosen = [
                c for c in candidates if c.published_ms is not None and c.published_ms >= backlog.since_ms
            ]
    return {candidate.key for candidate in chosen}
