"""Gaps between messages, the pace over all chats, and when a waiting row may go."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pacing import GlobalPace, Head, PacingPolicy, holds_everywhere, wait_of


@pytest.mark.parametrize(
    ("chat_type", "gap_ms"),
    [("private", 1000), ("channel", 1000), ("", 1000), ("group", 3000), ("supergroup", 3000)],
)
def test_groups_have_a_gap_of_their_own(chat_type: str, gap_ms: int) -> None:
    assert PacingPolicy(chat_gap_s=1, group_gap_s=3, global_rate=25).gap_ms(chat_type) == gap_ms


def test_the_global_pace_spreads_sends_evenly() -> None:
    pace = GlobalPace(rate=10)
    assert [pace.reserve(now_s=5) for _ in range(4)] == pytest.approx([0, 0.1, 0.2, 0.3])
    assert pace.reserve(now_s=100) == 0


def test_no_rate_is_no_limit() -> None:
    pace = GlobalPace(rate=0)
    assert [pace.reserve(now_s=1) for _ in range(3)] == [0, 0, 0]


def test_a_frozen_pace_gives_out_nothing_before_its_time() -> None:
    pace = GlobalPace(rate=10)
    pace.freeze(until_s=30)
    pace.freeze(until_s=20)
    assert pace.reserve(now_s=10) == 20
    assert pace.reserve(now_s=10) == pytest.approx(20.1)


@given(st.floats(0.1, 1000), st.lists(st.floats(0, 100), min_size=2, max_size=30))
def test_slots_never_come_closer_than_the_rate(rate: float, moments: list[float]) -> None:
    pace = GlobalPace(rate=rate)
    starts = [now_s + pace.reserve(now_s=now_s) for now_s in sorted(moments)]
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert all(gap >= 1 / rate - 1e-9 for gap in gaps)


def test_two_chats_within_a_second_mean_all_chats() -> None:
    assert not holds_everywhere(flooded_at_s=None, now_s=10)
    assert holds_everywhere(flooded_at_s=9, now_s=10)
    assert not holds_everywhere(flooded_at_s=8.9, now_s=10)


def head(
    *,
    waits_from_ms: int = 0,
    not_before_ms: int = 0,
    last_send_ms: int | None = None,
    flood: tuple[int, int] | None = None,
) -> Head:
    return Head(
        not_before_ms=not_before_ms,
        waits_from_ms=waits_from_ms,
        last_send_ms=last_send_ms,
        flood_from_ms=flood[0] if flood else None,
        flood_until_ms=flood[1] if flood else None,
    )


@pytest.mark.parametrize(
    ("row", "ready_ms"),
    [
        (head(), 1000),
        (head(waits_from_ms=900, not_before_ms=1500), 1500),
        (head(waits_from_ms=900, not_before_ms=1000), 1000),
        (head(last_send_ms=800), 1100),
        (head(last_send_ms=700), 1000),
        (head(flood=(990, 9000)), 9000),
        (head(waits_from_ms=900, not_before_ms=1200, last_send_ms=950, flood=(990, 1100)), 1250),
    ],
)
def test_the_longest_wait_counts(row: Head, ready_ms: int) -> None:
    assert wait_of(row, gap_ms=300, now_ms=1000).until_ms == ready_ms


@pytest.mark.parametrize(
    "row", [head(waits_from_ms=5000, not_before_ms=9000), head(last_send_ms=5000), head(flood=(5000, 9000))]
)
def test_a_wait_from_a_clock_that_jumped_back_holds_nobody(row: Head) -> None:
    assert wait_of(row, gap_ms=300, now_ms=1000).until_ms == 1000


MOMENT = st.integers(0, 10**6)


@given(
    row=st.builds(
        Head,
        not_before_ms=MOMENT,
        waits_from_ms=MOMENT,
        last_send_ms=st.none() | MOMENT,
        flood_from_ms=st.none() | MOMENT,
        flood_until_ms=st.none() | MOMENT,
    ),
    gap_ms=st.integers(0, 10_000),
    now_ms=MOMENT,
)
def test_ready_is_never_in_the_past(row: Head, gap_ms: int, now_ms: int) -> None:
    ready_ms = wait_of(row, gap_ms=gap_ms, now_ms=now_ms).until_ms
    assert ready_ms >= now_ms
    # Waiting until then is enough: no wait begins by the passing of time alone.
    if ready_ms > now_ms and all(
        since is None or since <= now_ms for since in (row.waits_from_ms, row.last_send_ms, row.flood_from_ms)
    ):
        assert wait_of(row, gap_ms=gap_ms, now_ms=ready_ms).until_ms == ready_ms
