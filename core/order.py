"""The order in which the entries of one document are published."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, TypeVar


class _Dated(Protocol):
    @property
    def published_ms(self) -> int | None: ...


_DatedT = TypeVar("_DatedT", bound=_Dated)


def publishing_order(entries: Sequence[_DatedT]) -> list[_DatedT]:
    """Return entries oldest first.

    Feeds put the newest first, so document order is reversed, unless every entry is dated and the
    dates ascend. Dates decide nothing else: they are too often wrong, equal or in the future.
    """
    dates = [entry.published_ms for entry in entries]
    known = [date for date in dates if date is not None]
    ascending = (
        len(known) == len(dates) > 1
        and all(earlier <= later for earlier, later in pairwise(known))
        and known[0] < known[-1]
    )
    return list(entries) if ascending else list(reversed(entries))
