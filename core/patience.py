"""How many commands somebody may give at once: a bucket of tokens that fills again with time."""

from dataclasses import dataclass

BURST = 30.0
PER_S = 0.5


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens that were left at a moment (epoch milliseconds)."""

    tokens: float
    at_ms: int


def take(bucket: Bucket | None, *, now_ms: int) -> Bucket | None:
    """Return what is left after one token more is taken; None where there is none to take.

    A clock that goes backwards fills nothing and takes nothing away.
    """
    if bucket is None:
        return Bucket(BURST - 1, now_ms)
    filled = min(BURST, bucket.tokens + max(0, now_ms - bucket.at_ms) / 1000 * PER_S)
    return Bucket(filled - 1, now_ms) if filled >= 1 else None
