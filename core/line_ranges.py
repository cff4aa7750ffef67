"""Numbers of lines as people write them."""

from collections.abc import Iterable


def ranges_text(numbers: Iterable[int]) -> str:
    """Return numbers in ascending order, neighbours as ranges."""
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}\u2013{last}" for first, last in ranges)
