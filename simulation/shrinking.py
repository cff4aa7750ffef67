"""From a list that fails to a short one that still does."""

from collections.abc import Callable, Sequence
from typing import TypeVar

_T = TypeVar("_T")


def shrunk(items: Sequence[_T], fails: Callable[[tuple[_T, ...]], bool]) -> tuple[_T, ...]:
    """Leave out halves, quarters, and so on down to single items, as long as the rest still fails.

    Args:
        items: A list that fails.
        fails: Tells whether a shorter list does.

    Returns:
        A list of which no single item can be left out.
    """
    left = tuple(items)
    size = max(1, len(left) // 2)
    while True:
        shorter = _pass(left, size, fails)
        if size > 1:
            size = max(1, min(size, len(shorter)) // 2)
        elif len(shorter) == len(left):
            return left
        left = shorter


def _pass(items: tuple[_T, ...], size: int, fails: Callable[[tuple[_T, ...]], bool]) -> tuple[_T, ...]:
    """Try once to leave out each piece of a size."""
    start = 0
    while start < len(items):
        rest = items[:start] + items[start + size :]
        if fails(rest):
            items = rest
        else:
            start += size
    return items
