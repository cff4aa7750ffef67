"""Variants that take turns within rounds, and what is said of them: medians with their spread."""

import statistics
from collections.abc import Iterator, Sequence

Found = dict[str, list[float]]
"""What was measured of each variant, one value a round."""


def in_turn(names: Sequence[str], rounds: int) -> Iterator[tuple[bool, str]]:
    """Yield the names for each round, beginning with another one each time.

    Each comes with whether it counts: the first round warms up.
    """
    for number in range(rounds + 1):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            yield number > 0, name


def show_seconds(found: Found, *, unit: str = "us") -> None:
    """Print the median of each variant with its spread, given in seconds, as `us` or `ms`."""
    factor = {"us": 1e6, "ms": 1e3}[unit]
    for name, values in found.items():
        low, middle, high = (value * factor for value in _spread(values))
        print(f"  {name:34} {middle:7.{0 if unit == 'us' else 1}f} {unit}  ({low:.1f} to {high:.1f})")


def show_ratio(label: str, above: Sequence[float], below: Sequence[float]) -> float:
    """Print the median of the rounds' ratios with its spread, and return it."""
    low, middle, high = _spread([a / b for a, b in zip(above, below, strict=True)])
    print(f"  {label:42} {middle:5.2f}  ({low:.2f} to {high:.2f})")
    return middle


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    return min(values), statistics.median(values), max(values)
