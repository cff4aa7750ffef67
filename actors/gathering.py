"""Letting reports wait for each other, so that what brings nothing new is written at once, in one commit."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

import trio

from core.protocol import PollOutcome, PollReport

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


class _Batch:
    def __init__(self) -> None:
        self.reports: list[PollReport] = []
        self.outcomes: Sequence[PollOutcome] = ()
        self.done = trio.Event()


class Together:
    """Records reports in batches: those that come while one is being written make up the next.

    Whoever comes first to a batch writes it for all. If that fails, or is cancelled, so do the others wait:
    they are children of one nursery, and end with it.
    """

    def __init__(self, write: Callable[[Sequence[PollReport]], Awaitable[Sequence[PollOutcome]]]) -> None:
        self._write = write
        self._one_at_a_time = trio.Lock()
        self._next: _Batch | None = None

    async def record(self, report: PollReport) -> PollOutcome:
        """Return what became of a report, when it is written."""
        batch = self._next
        if batch is not None:
            batch.reports.append(report)
            place = len(batch.reports) - 1
            await batch.done.wait()
            return batch.outcomes[place]
        batch = self._next = _Batch()
        batch.reports.append(report)
        async with self._one_at_a_time:
            self._next = None
            batch.outcomes = await self._write(batch.reports)
        batch.done.set()
        return batch.outcomes[0]
