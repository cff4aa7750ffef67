"""When a source is looked at next."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.protocol import PollStatus
from core.schedule import NextCheck, PollingPolicy, next_check

POLICY = PollingPolicy(interval_default_s=600, interval_min_s=60, backoff_max_s=86_400)


def check(
    status: PollStatus, *, errors: int = 0, retry_after_s: float | None = None, interval_s: float = 600
) -> NextCheck:
    return next_check(
        status=status,
        interval_s=interval_s,
        errors=errors,
        retry_after_s=retry_after_s,
        policy=POLICY,
        jitter=0.5,
    )


@pytest.mark.parametrize("status", ["ok", "not_modified"])
def test_a_healthy_source_keeps_its_rhythm(status: PollStatus) -> None:
    assert check(status) == NextCheck(delay_s=600, reason="interval")
    # A server that is well has nothing to ask for.
    assert check(status, retry_after_s=9000) == NextCheck(delay_s=600, reason="interval")


@pytest.mark.parametrize(
    ("errors", "delay_s"), [(1, 1200), (2, 2400), (5, 19_200), (8, 86_400), (10**6, 86_400)]
)
def test_failures_double_the_delay_up_to_the_ceiling(errors: int, delay_s: float) -> None:
    assert check("failed", errors=errors) == NextCheck(delay_s=delay_s, reason="backoff")
    assert check("gone", errors=errors) == NextCheck(delay_s=delay_s, reason="gone")


def test_an_interval_above_the_ceiling_is_kept() -> None:
    assert check("failed", errors=3, interval_s=200_000).delay_s == 200_000


@pytest.mark.parametrize(
    ("asked_s", "delay_s"), [(0, 600), (900, 900), (10**7, 86_400), (599, 600), (0.5, 600)]
)
def test_a_server_that_asks_for_time_gets_it(asked_s: float, delay_s: float) -> None:
    assert check("failed", errors=7, retry_after_s=asked_s) == NextCheck(
        delay_s=delay_s, reason="retry_after"
    )


def test_a_minute_is_the_least_that_retry_after_means() -> None:
    assert check("failed", errors=1, retry_after_s=1, interval_s=1).delay_s == 60


@given(
    status=st.sampled_from(["ok", "not_modified", "failed", "gone"]),
    interval_s=st.floats(1, 10 * 365 * 86_400),
    errors=st.integers(0, 10**9),
    retry_after_s=st.none() | st.floats(0, 31 * 86_400),
    jitter=st.floats(0, 1),
)
def test_delays_are_positive_and_bounded(
    status: PollStatus, interval_s: float, errors: int, retry_after_s: float | None, jitter: float
) -> None:
    delay_s = next_check(
        status=status,
        interval_s=interval_s,
        errors=errors,
        retry_after_s=retry_after_s,
        policy=POLICY,
        jitter=jitter,
    ).delay_s
    assert math.isfinite(delay_s)
    assert 0.95 * interval_s <= delay_s <= 1.05 * max(interval_s, POLICY.backoff_max_s)
