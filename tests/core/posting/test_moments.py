"""Schedules against an oracle that walks the clock minute by minute, over clocks that are set."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.posting.hours import DAY_MIN, Hours
from core.posting.moments import day_begins_ms, digest_from, is_silent, open_from
from core.posting.rules import PostingRules

MINUTE_MS = 60_000
CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),  # by half an hour
    "America/Santiago": ("2026-04-05", "2026-09-06"),  # at midnight
    "Pacific/Apia": ("2011-12-30",),  # a day left out
    "UTC": ("2026-01-01",),
}
"""Days on which the clocks of a zone are set, or the calendar."""


def ms(text: str, zone: str = "UTC", fold: int = 0) -> int:
    wall = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return round(wall.timestamp() * 1000)


def minutes_from(moment_ms: int, zone: ZoneInfo, days: int) -> Iterator[tuple[int, datetime]]:
    """Give the moment itself, and then each full minute, with what the wall shows."""
    yield moment_ms, datetime.fromtimestamp(moment_ms / 1000, tz=UTC).astimezone(zone)
    first = -(-(moment_ms + 1) // MINUTE_MS)
    for minute in range(first, first + days * DAY_MIN):
        yield minute * MINUTE_MS, datetime.fromtimestamp(minute * 60, tz=UTC).astimezone(zone)


def covered(each: Hours, wall: datetime) -> bool:
    """Walk back to the start of the hours, minute by minute of the wall."""
    length = (each.end_min - each.start_min) % DAY_MIN or DAY_MIN
    naive = wall.replace(tzinfo=None, fold=0)
    since = (naive.hour * 60 + naive.minute - each.start_min) % DAY_MIN
    return since < length and (naive - timedelta(minutes=since)).weekday() in each.days


def is_open(rules: PostingRules, wall: datetime) -> bool:
    if any(covered(each, wall) for each in rules.hold):
        return False
    return not rules.window or any(covered(each, wall) for each in rules.window)


CLOCK = st.integers(0, 95).map(lambda quarter: quarter * 15) | st.integers(0, DAY_MIN - 1)
HOURS = st.builds(
    Hours,
    start_min=CLOCK,
    end_min=CLOCK | st.just(DAY_MIN),
    days=st.frozensets(st.integers(0, 6), min_size=1) | st.just(frozenset(range(7))),
)


@st.composite
def moments(draw: st.DrawFn) -> tuple[ZoneInfo, int]:
    """A moment within two days of a change of the clocks."""
    name = draw(st.sampled_from(sorted(CHANGES)))
    day = draw(st.sampled_from(CHANGES[name]))
    return ZoneInfo(name), ms(f"{day}T12:00") + draw(st.integers(-48 * 3600, 24 * 3600)) * 1000 + draw(
        st.sampled_from([0, 1, 999])
    )


@settings(max_examples=30, deadline=None)
@given(
    when=moments(),
    hold=st.lists(HOURS, max_size=2).map(tuple),
    window=st.lists(HOURS, max_size=2).map(tuple),
)
def test_the_next_open_moment_is_the_first_open_minute(
    when: tuple[ZoneInfo, int], hold: tuple[Hours, ...], window: tuple[Hours, ...]
) -> None:
    zone, now_ms = when
    rules = PostingRules(hold=hold, window=window)
    walk = minutes_from(now_ms, zone, 8)
    expected = next((moment for moment, wall in walk if is_open(rules, wall)), None)
    found = open_from(rules, zone, now_ms)
    assert found == expected if expected is not None else found > now_ms + 8 * 86_400_000


@settings(max_examples=30, deadline=None)
@given(when=moments(), clocks=st.sets(CLOCK, min_size=1, max_size=3))
def test_a_digest_comes_once_a_day_at_the_first_minute_that_reaches_it(
    when: tuple[ZoneInfo, int], clocks: set[int]
) -> None:
    zone, now_ms = when
    rules = PostingRules(digest=tuple(sorted(clocks)))
    reached: dict[tuple[object, int], int] = {}
    start_ms = now_ms // MINUTE_MS * MINUTE_MS - 2 * 86_400_000
    for moment, wall in minutes_from(start_ms, zone, 6):
        for clock in clocks:
            if wall.hour * 60 + wall.minute >= clock:
                reached.setdefault((wall.date(), clock), moment)
    expected = min(moment for moment in reached.values() if moment >= now_ms)
    assert digest_from(rules, zone, now_ms) == expected


@settings(max_examples=15, deadline=None)
@given(when=moments())
def test_a_day_begins_with_its_first_minute(when: tuple[ZoneInfo, int]) -> None:
    zone, now_ms = when
    today = datetime.fromtimestamp(now_ms / 1000, tz=UTC).astimezone(zone).date()
    walk = list(minutes_from(now_ms // MINUTE_MS * MINUTE_MS - 2 * 86_400_000, zone, 4))
    assert day_begins_ms(zone, now_ms) == next(moment for moment, wall in walk if wall.date() == today)
    following = next(moment for moment, wall in walk if wall.date() > today)
    assert day_begins_ms(zone, now_ms, ahead=1) == following


@pytest.mark.parametrize(
    ("rule", "now", "then"),
    [
        ("01:00-02:30", "2026-03-29T01:30", "2026-03-29T03:00"),  # 02:30 never comes
        ("02:00-03:00", "2026-03-29T01:59", "2026-03-29T01:59"),  # nor does any of it
        ("02:15-02:45", "2026-10-25T02:20", "2026-10-25T02:45"),  # the first of two
        ("23:00-08:00", "2026-03-28T23:30", "2026-03-29T08:00"),
    ],
)
def test_holds_where_clocks_are_set(rule: str, now: str, then: str) -> None:
    rules = PostingRules(hold=(Hours.parse(rule),))
    zone = ZoneInfo("Europe/Berlin")
    assert open_from(rules, zone, ms(now, zone.key)) == ms(then, zone.key)


def test_an_hour_that_comes_twice_holds_twice() -> None:
    rules = PostingRules(hold=(Hours.parse("02:15-02:45"),))
    zone = ZoneInfo("Europe/Berlin")
    second = ms("2026-10-25T02:30", zone.key, fold=1)
    assert open_from(rules, zone, second) == ms("2026-10-25T02:45", zone.key, fold=1)


def test_silence_does_not_hold() -> None:
    rules = PostingRules(silent=(Hours.parse("22:00-07:00"),))
    night = ms("2026-01-01T23:00")
    assert is_silent(rules, ZoneInfo("UTC"), night)
    assert not is_silent(rules, ZoneInfo("UTC"), ms("2026-01-01T07:00"))
    assert open_from(rules, ZoneInfo("UTC"), night) == night
