"""How often a source should be looked at, from how often it shows something new."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

_LEAST_KNOWN = 3
_LOOKS_PER_ENTRY = 3


def adaptive_interval_s(
    arrivals_ms: Sequence[int], *, now_ms: int, default_s: float, least_s: float, most_s: float
) -> float:
    """Return the interval for a source whose subscribers ask for none.

    Three looks for each entry that is to be expected: the typical pause between the latest arrivals,
    or the present silence where that is longer. Arrivals in one poll count once. A source of which
    too little is known keeps the default.

    Args:
        arrivals_ms: when its latest new links were first seen, in any order.
        now_ms: wall clock.
        default_s: INTERVAL_DEFAULT.
        least_s: INTERVAL_MIN.
        most_s: INTERVAL_MAX.
    """
    moments = sorted(set(arrivals_ms))
    if len(moments) < _LEAST_KNOWN:
        return min(max(default_s, least_s), max(most_s, least_s))
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    silence_ms = max(0, now_ms - moments[-1])
    expected_s = max(median(pauses), silence_ms) / 1000
    return min(max(expected_s / _LOOKS_PER_ENTRY, least_s), max(most_s, least_s))
