"""How often sources are asked: a mix as people have it, drawn together to a rate that is wanted.

Pure.
"""

import random
from collections.abc import Sequence

MIX = ((0.6, 4 * 3600.0, 8 * 3600.0), (0.3, 1800.0, 3600.0), (0.1, 60.0, 120.0))
"""Share of the sources, and between which intervals theirs lie, in seconds."""
SHORTEST_S = 1.0
_HALVINGS = 40


def mixed(count: int, rng: random.Random) -> list[float]:
    """Return the interval of each of so many sources, in seconds, in an order of chance."""
    intervals: list[float] = []
    for share, least_s, most_s in MIX:
        intervals += [rng.uniform(least_s, most_s) for _ in range(round(count * share))]
    rng.shuffle(intervals)
    return intervals


def rate_of(intervals: Sequence[float]) -> float:
    """Return how many polls a second that makes."""
    return sum(1 / each_s for each_s in intervals)


def drawn_together(intervals: Sequence[float], rate: float) -> list[float]:
    """Return the same mix at another pace: so many polls a second, or as many as one a second each gives."""
    low, high = 0.0, 100.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if rate_of(_times(intervals, middle)) > rate:
            low = middle
        else:
            high = middle
    return _times(intervals, high)


def _times(intervals: Sequence[float], factor: float) -> list[float]:
    return [max(SHORTEST_S, each_s * factor) for each_s in intervals]
