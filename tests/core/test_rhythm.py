"""The interval that follows from a source's own rhythm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rhythm import adaptive_interval_s

MINUTE_MS = 60_000


def _interval(arrivals_min: list[int], now_min: int) -> float:
    return adaptive_interval_s(
        [minute * MINUTE_MS for minute in arrivals_min],
        now_ms=now_min * MINUTE_MS,
        default_s=600,
        least_s=60,
        most_s=3600,
    )


@pytest.mark.parametrize(
    ("arrivals_min", "now_min", "interval_s"),
    [
        ([], 0, 600),
        ([1, 2], 3, 600),
        ([1, 1, 1, 1], 3, 600),
        ([0, 30, 60, 90], 91, 600),
        ([90, 0, 60, 30], 91, 600),
        ([0, 1, 2, 3], 3, 60),
        ([0, 6, 12, 18], 20, 120),
        ([0, 6, 12, 18], 78, 1200),
        ([0, 1000, 2000], 2001, 3600),
        ([0, 6, 12], 1, 120),
    ],
)
def test_three_looks_for_each_expected_entry(
    arrivals_min: list[int], now_min: int, interval_s: float
) -> None:
    assert _interval(arrivals_min, now_min) == interval_s


@given(st.lists(st.integers(0, 10**13), max_size=30), st.integers(0, 10**13))
def test_interval_stays_within_its_bounds(arrivals_ms: list[int], now_ms: int) -> None:
    interval_s = adaptive_interval_s(arrivals_ms, now_ms=now_ms, default_s=600, least_s=60, most_s=3600)
    assert 60 <= interval_s <= 3600
