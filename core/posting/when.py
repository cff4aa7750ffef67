"""A moment as people say it, by the clock of a chat."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.durations import parse_duration
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.posting.hours import DAYS, parse_clock
from core.posting.moments import next_clock
from core.posting.zones import first_at, local

_FURTHEST_MS = 366 * 86_400_000
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.?(\d{4})?")
EXAMPLES = marked("18:30, tomorrow 9:00, fri 9:00, 24.12. 18:30, +2h, or now")


def parse_when(text: str, zone: ZoneInfo, now_ms: int) -> int:
    """Return the moment (epoch milliseconds) that somebody means; a time alone is the next one of its kind.

    Where clocks are set forward over it, it is the first moment behind the gap.

    Raises:
        UserError: it cannot be read, is over, or more than a year away.
    """
    words = text.strip().lower().replace(",", " ").split()
    try:
        at_ms = _moment(words, zone, now_ms)
    except (ValueError, OverflowError):
        at_ms = None
    if at_ms is None:
        raise UserError(
            "“{text}” is no time I can read. Write it like {examples}.",
            text=text.strip()[:60],
            examples=_(EXAMPLES),
        )
    if at_ms < now_ms:
        raise UserError("That is over. Write a time that is yet to come, or now.")
    if at_ms - now_ms > _FURTHEST_MS:
        raise UserError("That is more than a year away.")
    return at_ms


def _moment(words: list[str], zone: ZoneInfo, now_ms: int) -> int | None:
    joined = "".join(words)
    if joined == "now":
        return now_ms
    if joined.startswith("+"):
        return now_ms + round(parse_duration(joined[1:]) * 1000)
    if not words:
        return None
    *days, clock = words
    minute = parse_clock(clock)
    if not days:
        return next_clock(minute, zone, now_ms)
    today = local(now_ms, zone).date()
    if len(days) > 1:
        return None
    candidates = (first_at(day, minute, zone) for day in _days(days[0], today))
    found = [at_ms for at_ms in candidates if at_ms is not None]
    return next((at_ms for at_ms in found if at_ms >= now_ms), found[0] if found else None)


def _days(word: str, today: date) -> list[date]:
    """Return the days that a word may mean, the nearest first.

    Raises:
        ValueError: there is no such day.
    """
    if word in ("today", "tomorrow"):
        return [today + timedelta(days=word == "tomorrow")]
    match = _DATE.fullmatch(word)
    if match is None:
        ahead = (DAYS.index(word[:3]) - today.weekday()) % 7
        return [today + timedelta(days=ahead), today + timedelta(days=ahead + 7)]
    if match[1]:
        return [date(int(match[1]), int(match[2]), int(match[3]))]
    years = [int(match[6])] if match[6] else [today.year, today.year + 1]
    return [date(year, int(match[5]), int(match[4])) for year in years]
