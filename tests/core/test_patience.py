"""A bucket of tokens: so many at once, then as fast as it fills, whatever the clock does."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.patience import BURST, PER_S, Bucket, take


@settings(max_examples=50)
@given(st.lists(st.integers(0, 5_000), max_size=120))
def test_never_more_than_a_burst_and_what_has_filled(gaps: list[int]) -> None:
    bucket: Bucket | None = None
    now_ms = taken = 0
    for gap in gaps:
        now_ms += gap
        left = take(bucket, now_ms=now_ms)
        taken += left is not None
        bucket = left or bucket
    assert taken <= BURST + now_ms / 1000 * PER_S + 1
    assert take(bucket, now_ms=now_ms + 10_000) is not None


def test_a_flood_ends_and_so_does_the_wait() -> None:
    bucket = take(None, now_ms=1_000)
    for _ in range(round(BURST) - 1):
        assert bucket is not None
        bucket = take(bucket, now_ms=1_000)
    assert bucket is not None
    assert take(bucket, now_ms=1_000) is None
    assert take(bucket, now_ms=0) is None
    assert take(bucket, now_ms=4_000) is not None
