"""When people should hear of a source in trouble."""

import pytest

from core.watch import Trouble, network_trouble, silent_from_ms, trouble_of

HOUR_MS = 3_600_000
NOW_MS = 1_000 * HOUR_MS


def trouble(
    state: str = "active",
    failing_h: float | None = None,
    empty_h: float | None = None,
    silent_h: float | None = None,
) -> Trouble | None:
    def ago(hours: float | None) -> int | None:
        return None if hours is None else round(NOW_MS - hours * HOUR_MS)

    return trouble_of(
        state=state,
        failing_since_ms=ago(failing_h),
        empty_since_ms=ago(empty_h),
        silent_from_ms=ago(silent_h),
        now_ms=NOW_MS,
    )


def test_a_source_that_is_well() -> None:
    assert trouble() is None
    assert trouble(failing_h=5.9) is None
    assert trouble(empty_h=5.9) is None
    assert trouble(silent_h=-0.1) is None


def test_a_source_in_trouble() -> None:
    assert trouble(failing_h=6) == "failing"
    assert trouble(empty_h=6) == "empty"
    assert trouble(silent_h=0) == "silent"
    assert trouble(state="gone") == "gone"


def test_the_worst_is_said() -> None:
    assert trouble(failing_h=7, empty_h=8, silent_h=9) == "failing"
    assert trouble(empty_h=8, silent_h=9) == "empty"
    assert trouble(failing_h=1, silent_h=9) is None, "it is not known whether there is something new"


@pytest.mark.parametrize("state", ["paused"])
def test_a_source_that_rests_is_in_no_trouble(state: str) -> None:
    assert trouble(state=state, failing_h=99, silent_h=99) is None


def test_silence_is_three_times_the_usual_rhythm() -> None:
    days = [day * 24 * HOUR_MS for day in (0, 2, 4, 6)]
    assert silent_from_ms(days) == days[-1] + 6 * 24 * HOUR_MS


def test_silence_takes_a_day_at_least() -> None:
    assert silent_from_ms([0, 60_000, 120_000]) == 120_000 + 24 * HOUR_MS


def test_silence_needs_a_known_rhythm() -> None:
    assert silent_from_ms([]) is None
    assert silent_from_ms([5, 5, 5, 9]) is None


def test_many_that_begin_to_fail_together_are_the_network() -> None:
    assert network_trouble([10, 20, 30], sources=14) == (10, 30)
    assert network_trouble([10, 20, 30], sources=15) is None, "a fifth is not more than a fifth"
    assert network_trouble([10, 20], sources=3) is None, "two may be chance"
    assert network_trouble([], sources=0) is None


def test_those_that_failed_long_ago_do_not_count() -> None:
    long_dead = [hour * HOUR_MS * 2 for hour in range(50)]
    assert network_trouble(long_dead, sources=100) is None
    together = [NOW_MS + minute * 60_000 for minute in range(21)]
    assert network_trouble(long_dead + together, sources=100) == (NOW_MS, together[-1])
