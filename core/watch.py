"""When a source is in trouble that people should hear of: pure rules of the watchdogs."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Literal

Trouble = Literal["gone", "failing", "empty", "silent"]

_HOUR_MS = 3_600_000
SPOKEN_AFTER_MS = 6 * _HOUR_MS
"""So long a source fails, or shows nothing, before somebody is told."""
NETWORK_AFTER_MS = _HOUR_MS // 4
"""So long many sources fail together before somebody is told."""
_TOGETHER_MS = _HOUR_MS
_SHARE = 5
_FEWEST = 3
_TIMES_USUAL = 3
_LEAST_SILENCE_MS = 24 * _HOUR_MS


def silent_from_ms(arrivals_ms: Sequence[int]) -> int | None:
    """Return from when on a source is silent for too long: three times its usual rhythm, a day at least.

    Args:
        arrivals_ms: when its latest new links were first seen.

    Returns:
        None for a source whose rhythm is not known yet.
    """
    moments = sorted(set(arrivals_ms))
    if len(moments) < _FEWEST:
        return None
    pause_ms = median(later - earlier for earlier, later in pairwise(moments))
    return round(moments[-1] + max(_TIMES_USUAL * pause_ms, _LEAST_SILENCE_MS))


def trouble_of(
    *,
    state: str,
    failing_since_ms: int | None,
    empty_since_ms: int | None,
    silent_from_ms: int | None,
    now_ms: int,
) -> Trouble | None:
    """Return what people should hear of a source, the worst first; None: nothing, or not yet."""
    if state == "gone":
        return "gone"
    if state not in ("probing", "active"):
        return None
    if failing_since_ms is not None:
        return "failing" if now_ms - failing_since_ms >= SPOKEN_AFTER_MS else None
    if empty_since_ms is not None and now_ms - empty_since_ms >= SPOKEN_AFTER_MS:
        return "empty"
    return "silent" if silent_from_ms is not None and silent_from_ms <= now_ms else None


def network_trouble(failing_since_ms: Sequence[int], *, sources: int) -> tuple[int, int] | None:
    """Tell whether so many sources began to fail together that the network is the likely cause.

    Args:
        failing_since_ms: of each source that fails now and was read before.
        sources: how many are polled in all.

    Returns:
        The first and the last of those moments, an hour apart at most, where more than a fifth of all
        sources began to fail; None where there are no such.
    """
    moments = sorted(failing_since_ms)
    needed = max(sources // _SHARE + 1, _FEWEST)
    for first in range(len(moments) - needed + 1):
        last = first + needed - 1
        if moments[last] - moments[first] <= _TOGETHER_MS:
            end_ms = moments[first] + _TOGETHER_MS
            return moments[first], max(moment for moment in moments if moment <= end_ms)
    return None
