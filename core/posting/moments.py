"""When a schedule lets something out: exact over clocks that are set forward and back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from core.posting.hours import DAY_MIN
from core.posting.rules import PostingRules, closed_by
from core.posting.zones import change_of_offset, first_at, local

_MINUTE_MS = 60_000
_LOOK_MS = 9 * 86_400_000
"""No rule looks further than a week; clocks that are set may skip a day of it."""


def open_from(rules: PostingRules, zone: ZoneInfo, moment_ms: int) -> int:
    """Return the first moment from this one on at which neither hold nor window lets nothing out.

    Clocks run evenly until they are set. So from a moment that is closed, what comes first is the next
    minute that a rule names, or the next change of the zone's offset.
    """
    edges = _edges(rules)
    end_ms = moment_ms + _LOOK_MS
    while moment_ms < end_ms and closed_by(rules, local(moment_ms, zone)) is not None:
        there = local(moment_ms, zone)
        minute = there.hour * 60 + there.minute
        steps = [(edge - minute) % DAY_MIN or DAY_MIN for edge in edges]
        begun_ms = moment_ms - (there.second * 1000 + there.microsecond // 1000)
        edge_ms = begun_ms + min(steps) * _MINUTE_MS
        moment_ms = change_of_offset(moment_ms, edge_ms, zone) or edge_ms
    return moment_ms


def is_silent(rules: PostingRules, zone: ZoneInfo, moment_ms: int) -> bool:
    """Return whether a post makes no sound at a moment."""
    there = local(moment_ms, zone)
    return any(hours.cover(there) for hours in rules.silent)


def digest_from(rules: PostingRules, zone: ZoneInfo, moment_ms: int) -> int:
    """Return the first moment from this one on at which a digest goes out; rules without one: now.

    An hour that comes twice has its digest the first time; one that never comes, when it is left out.
    """
    day = local(moment_ms, zone).date()
    for ahead in range(4):  # a day may be left out
        for minute in rules.digest:
            at_ms = first_at(day + timedelta(days=ahead), minute, zone)
            if at_ms is not None and at_ms >= moment_ms:
                return at_ms
    return moment_ms


def next_clock(minute: int, zone: ZoneInfo, moment_ms: int) -> int:
    """Return the first moment from this one on at which the clocks reach a minute of the day."""
    return digest_from(PostingRules(digest=(minute,)), zone, moment_ms)


def day_begins_ms(zone: ZoneInfo, moment_ms: int, *, ahead: int = 0) -> int:
    """Return when the day of a moment began, or the one so many days ahead begins."""
    day = local(moment_ms, zone).date() + timedelta(days=ahead)
    while (begins_ms := first_at(day, 0, zone)) is None:  # a day that is left out
        day += timedelta(days=1)
    return begins_ms


def _edges(rules: PostingRules) -> list[int]:
    """Return the minutes of the day at which something may change: those of the rules, and midnight."""
    named = {minute for hours in (*rules.hold, *rules.window) for minute in (hours.start_min, hours.end_min)}
    return sorted({minute % DAY_MIN for minute in named} | {0})
