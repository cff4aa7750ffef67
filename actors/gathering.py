"""Letting reports wait for each other, so that what brings nothing new is written in one commit."""

from collections.abc import Iterator
from contextlib import contextmanager

import trio

_LONGEST_S = 2.0
_MOST = 16


class Gathering:
    """Knows how many documents are being fetched, and holds back whoever has time until they are here."""

    def __init__(self) -> None:
        self._fetched = 0
        self._waiting = 0
        self._go_on = trio.Event()

    @contextmanager
    def fetching(self) -> Iterator[None]:
        """Count a fetch for the length of the block; with the last one that ends, all that wait go on."""
        self._fetched += 1
        try:
            yield
        finally:
            self._fetched -= 1
            if not self._fetched:
                self._release()

    async def wait(self) -> None:
        """Return when nothing is being fetched, or many wait, or after two seconds; then all go on."""
        if not self._fetched:
            return
        self._waiting += 1
        if self._waiting >= _MOST:
            self._release()
            return
        with trio.move_on_after(_LONGEST_S) as scope:
            await self._go_on.wait()
        if scope.cancelled_caught:
            self._release()

    def _release(self) -> None:
        self._go_on.set()
        self._go_on = trio.Event()
        self._waiting = 0
