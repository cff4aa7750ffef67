"""Advice on polling: ttl, the syndication module, skipHours and skipDays, Cache-Control and Expires."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hints import PollHints, after_quiet_time_ms, feed_hints, freshness_s

# Thursday 2026-01-01 00:00:00 GMT
NOW_MS = 1_767_225_600_000
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("said", "fresh_s"),
    [
        ({}, 0),
        ({"ttl": "60"}, 3600),
        ({"ttl": " 5 "}, 300),
        ({"ttl": "-5"}, 0),
        ({"ttl": "soon"}, 0),
        ({"ttl": "9" * 40}, 0),
        ({"ttl": "999999"}, 7 * 86400),
        ({"update_period": "hourly"}, 3600),
        ({"update_period": "Daily", "update_frequency": "4"}, 21600),
        ({"update_period": "daily", "update_frequency": "0"}, 86400),
        ({"update_period": "often", "update_frequency": "4"}, 0),
        ({"update_period": "hourly", "ttl": "120"}, 7200),
    ],
)
def test_freshness_that_a_feed_claims(said: dict[str, str], fresh_s: float) -> None:
    assert feed_hints(**said).fresh_s == fresh_s  # type: ignore[arg-type]


def test_skip_hours_and_days() -> None:
    hints = feed_hints(skip_hours=("0", "24", "7", "x"), skip_days=("Saturday", " sunday", "Caturday"))
    assert hints.skip_hours == {0, 7}
    assert hints.skip_days == {5, 6}
    everything = feed_hints(
        skip_hours=tuple(map(str, range(24))),
        skip_days=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    )
    assert everything == PollHints(), "never is no advice"


@pytest.mark.parametrize(
    ("cache_control", "expires", "fresh_s"),
    [
        (None, None, 0),
        ("max-age=600", None, 600),
        ("public, Max-Age=600, stale-while-revalidate=30", None, 600),
        ('max-age="60"', None, 60),
        ("no-cache, max-age=600", None, 0),
        ("no-store", "Thu, 01 Jan 2026 01:00:00 GMT", 0),
        ("max-age=0", "Thu, 01 Jan 2026 01:00:00 GMT", 0),
        (None, "Thu, 01 Jan 2026 01:00:00 GMT", 3600),
        (None, "Thu, 01 Jan 1970 00:00:00 GMT", 0),
        (None, "0", 0),
        (None, "-1", 0),
        ("max-age=junk", None, 0),
        ("max-age=99999999999999", None, 0),
        ("max-age=999999999", None, 7 * 86400),
    ],
)
def test_freshness_of_an_answer(cache_control: str | None, expires: str | None, fresh_s: float) -> None:
    assert freshness_s(cache_control, expires, now_ms=NOW_MS) == fresh_s


@given(st.text(max_size=60), st.text(max_size=60))
def test_headers_of_strangers_never_raise(cache_control: str, expires: str) -> None:
    assert 0 <= freshness_s(cache_control, expires, now_ms=NOW_MS) <= 7 * 86400


def test_due_time_moves_out_of_quiet_hours() -> None:
    hints = PollHints(skip_hours=frozenset({0, 1, 2}))
    assert after_quiet_time_ms(NOW_MS + 5, hints) == NOW_MS + 3 * HOUR_MS
    assert after_quiet_time_ms(NOW_MS + 4 * HOUR_MS, hints) == NOW_MS + 4 * HOUR_MS


def test_due_time_moves_out_of_quiet_days() -> None:
    hints = PollHints(skip_days=frozenset({3, 4}))
    assert after_quiet_time_ms(NOW_MS, hints) == NOW_MS + 48 * HOUR_MS


@given(
    st.integers(NOW_MS, NOW_MS + 10**10),
    st.frozensets(st.integers(0, 23), max_size=23),
    st.frozensets(st.integers(0, 6), max_size=6),
)
def test_quiet_time_ends_and_never_comes_early(
    due_ms: int, hours: frozenset[int], days: frozenset[int]
) -> None:
    hints = PollHints(skip_hours=hours, skip_days=days)
    moved_ms = after_quiet_time_ms(due_ms, hints)
    assert due_ms <= moved_ms <= due_ms + 8 * 24 * HOUR_MS
    assert after_quiet_time_ms(moved_ms, hints) == moved_ms
