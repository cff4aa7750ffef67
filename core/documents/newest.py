"""The newest entries of a document that has more than anybody posts."""

from collections.abc import Callable, Sequence
from typing import TypeVar

MOST_ENTRIES = 10_000
"""Of a feed. Real ones have up to some thousand."""

_EntryT = TypeVar("_EntryT")


def newest(
    listed: Sequence[_EntryT],
    date_of: Callable[[_EntryT], int | None],
    *,
    most: int = MOST_ENTRIES,
    is_feed: bool = True,
) -> Sequence[_EntryT]:
    """Give at most so many: the head of a list that begins with its newest entry, else the tail.

    Where the first and the last date do not tell, a feed begins with its newest, another list ends with it.
    """
    if len(listed) <= most:
        return listed
    first_ms, last_ms = date_of(listed[0]) or 0, date_of(listed[-1]) or 0
    newest_first = is_feed if first_ms == last_ms else first_ms > last_ms
    return listed[:most] if newest_first else listed[-most:]
