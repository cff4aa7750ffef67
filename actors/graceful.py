"""Work that may finish when the program ends: it gets its own seconds, and not one more."""

import math
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import trio


@dataclass(slots=True)
class Grace:
    """Tells work under way whether the end has come, and bounds its steps from then on.

    One may serve many works at once, as long as all of them end together.
    """

    stopping: bool = False
    _steps: dict[trio.CancelScope, float] = field(default_factory=dict)

    @contextmanager
    def step(self, seconds: float) -> Iterator[trio.CancelScope]:
        """Shield one step from cancellation; it has `seconds` left once the end has come."""
        scope = trio.CancelScope(shield=True)
        if self.stopping:
            scope.deadline = trio.current_time() + seconds
        self._steps[scope] = seconds
        try:
            with scope:
                yield scope
        finally:
            del self._steps[scope]

    def stop(self) -> None:
        """The end has come."""
        self.stopping = True
        for scope, seconds in self._steps.items():
            scope.deadline = min(scope.deadline, trio.current_time() + seconds)

    async def watch(self) -> None:
        """Wait for the end: for this task to be cancelled."""
        try:
            await trio.sleep(math.inf)
        finally:
            self.stop()


@asynccontextmanager
async def finishing() -> AsyncIterator[Grace]:
    """Shield a block from cancellation; its own steps bound it after that.

    The block ends by itself or by its steps' deadlines: a step must surround everything that waits.
    """
    grace = Grace()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(grace.watch)
        with trio.CancelScope(shield=True):
            yield grace
        nursery.cancel_scope.cancel()
