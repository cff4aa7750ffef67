"""When a source is looked at next, and why then."""

from dataclasses import dataclass
from typing import Literal

from core.page_policy import NO_PAGES, PagePolicy
from core.protocol import PollStatus

CheckReason = Literal[
    "new", "interval", "fresh", "quiet", "throttled", "backoff", "retry_after", "gone", "moved", "asked"
]
_TOO_OFTEN = frozenset({"429", "503"})
_MOST_DOUBLINGS = 16
_JITTER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingPolicy:
    """The operator's bounds on polling; durations in seconds."""

    interval_default_s: float
    interval_min_s: float
    backoff_max_s: float
    interval_max_s: float = 3600.0
    pages: PagePolicy = NO_PAGES
    """What becomes of links whose pages are to be read."""
    flood_brake: int = 20
    """More new links than this in one poll of a known source may be a mistake of it; 0: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCheck:
    """A delay from now, with the code of its reason."""

    delay_s: float
    reason: CheckReason


def next_check(
    *,
    status: PollStatus,
    interval_s: float,
    errors: int,
    retry_after_s: float | None,
    policy: PollingPolicy,
    jitter: float,
    throttles: int = 0,
    fresh_s: float = 0.0,
) -> NextCheck:
    """Decide when to look at a source again.

    Args:
        status: how the poll that just ended went.
        interval_s: what its subscriptions ask for.
        errors: how many polls in a row have failed, this one included.
        retry_after_s: what the server asked for (RFC 9110, 10.2.3), clamped to a minute and a day.
        policy: the operator's bounds.
        jitter: a number from 0 to 1, so that sources do not march in step.
        throttles: how many times in a row the server said that it is asked too often; no errors.
        fresh_s: for so long the answer will not change, as the source says.

    Returns:
        The delay. Failures double it up to `backoff_max_s`; there is never an end.
    """
    if retry_after_s is not None and status == "failed":
        asked_s = min(max(retry_after_s, 60.0), 86_400.0)
        return NextCheck(delay_s=max(asked_s, interval_s), reason="retry_after")
    spread = 1 + _JITTER * (jitter - 0.5)
    if throttles and status == "failed":
        doubled_s = interval_s * 2 ** min(throttles, _MOST_DOUBLINGS)
        return NextCheck(
            delay_s=max(interval_s, min(doubled_s, policy.backoff_max_s)) * spread, reason="throttled"
        )
    if status in ("failed", "gone"):
        doubled_s = interval_s * 2 ** min(errors, _MOST_DOUBLINGS)
        reason: CheckReason = "backoff" if status == "failed" else "gone"
        delay_s = max(interval_s, min(doubled_s, policy.backoff_max_s))
        return NextCheck(delay_s=delay_s * spread, reason=reason)
    if min(fresh_s, policy.interval_max_s) > interval_s * spread:
        return NextCheck(delay_s=min(fresh_s, policy.interval_max_s), reason="fresh")
    return NextCheck(delay_s=interval_s * spread, reason="interval")


def is_throttled(error: str | None, error_args: tuple[str, ...], *, ever_read: bool) -> bool:
    """Return whether a failure means "too often": 429 and 503, and 403 of a source that was read before."""
    if error != "http_status" or not error_args:
        return False
    return error_args[0] in _TOO_OFTEN or (ever_read and error_args[0] == "403")
