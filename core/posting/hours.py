"""Hours of the day, on some or all days of the week, as people write them: `23:00-08:00 mon-fri`."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from core.errors import WrongValue

DAY_MIN = 24 * 60
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
_DASH = "\N{EN DASH}"
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From one minute of the day to another, which is not among them; over midnight where it ends first.

    Attributes:
        start_min: minutes since midnight.
        end_min: the same, up to 1440; equal to the start it means the whole day.
        days: the days on which it starts, 0 is Monday.
    """

    start_min: int
    end_min: int
    days: frozenset[int] = EVERY_DAY

    def cover(self, local: datetime) -> bool:
        """Return whether a moment of local time is among them."""
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.start_min < self.end_min:
            return day in self.days and self.start_min <= minute < self.end_min
        begun_today = day in self.days and minute >= self.start_min
        return begun_today or ((day - 1) % 7 in self.days and minute < self.end_min)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `23:00-08:00`, with days behind it where not all are meant.

        Raises:
            WrongValue: it is nothing like that.
        """
        times, _, days = text.strip().partition(" ")
        start, dash, end = times.replace(_DASH, "-").partition("-")
        if not dash:
            raise WrongValue("{text!r} are no hours: write them like 23:00-08:00", text=text)
        return cls(
            start_min=parse_clock(start),
            end_min=parse_clock(end, most=DAY_MIN),
            days=parse_days(days) if days.strip() else EVERY_DAY,
        )

    def __str__(self) -> str:
        days = "" if self.days == EVERY_DAY else f" {format_days(self.days)}"
        return f"{format_clock(self.start_min)}-{format_clock(self.end_min)}{days}"


def parse_clock(text: str, *, most: int = DAY_MIN - 1) -> int:
    """Read `08:30` as minutes since midnight.

    Raises:
        WrongValue: it is no time of the day.
    """
    match = _CLOCK.fullmatch(text.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else DAY_MIN + 1  # noqa: PLR2004 - minutes of an hour
    if minutes > most:
        raise WrongValue("{text!r} is no time of the day: write it like 08:30", text=text)
    return minutes


def format_clock(minutes: int) -> str:
    """Return minutes since midnight as `08:30`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_days(text: str) -> frozenset[int]:
    """Read `mon-fri`, `sat,sun` or `mon,wed-fri`; a range may go over Sunday.

    Raises:
        WrongValue: there is no such day.
    """
    days: set[int] = set()
    for part in text.lower().replace(_DASH, "-").split(","):
        first, dash, last = part.strip().partition("-")
        begin = _day(first)
        length = (_day(last) - begin) % 7 if dash else 0
        days |= {(begin + step) % 7 for step in range(length + 1)}
    return frozenset(days)


def format_days(days: frozenset[int]) -> str:
    """Return days as `parse_days` reads them, runs of three and more as ranges."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    long = 3
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) >= long else ",".join(DAYS[day] for day in run)
        for run in runs
    )


def _day(text: str) -> int:
    name = text.strip()[:3]
    if name not in DAYS:
        raise WrongValue("{text!r} is no day: write mon, tue, wed, thu, fri, sat, sun, or mon-fri", text=text)
    return DAYS.index(name)
