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
        shorter = _one_piece_less(left, size, fails)
        if shorter is not None:
            left = shorter
            size = min(size, max(1, len(left) // 2))
        elif size == 1:
            return left
        else:
            size //= 2


def _one_piece_less(
    items: tuple[_T, ...], size: int, fails: Callable[[tuple[_T, ...]], bool]
) -> tuple[_T, ...] | None:
    for start in range(0, len(items), size):
        rest = items[:start] + items[start + size :]
        if fails(rest):
            return rest
    return None
