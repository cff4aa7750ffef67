"""Work that may finish when the program ends: it gets its own seconds, and not one more."""

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trio


@dataclass(slots=True)
class Grace:
    """Tells work under way whether the end has come, and bounds its steps from then on."""

    stopping: bool = False
    _steps: list[tuple[trio.CancelScope, float]] = field(default_factory=list)

    def step(self, seconds: float) -> trio.CancelScope:
        """Return a scope for one step, which has `seconds` left once the end has come."""
        scope = trio.CancelScope()
        if self.stopping:
            scope.deadline = trio.current_time() + seconds
        self._steps.append((scope, seconds))
        return scope

    def stop(self) -> None:
        """The end has come."""
        self.stopping = True
        for scope, seconds in self._steps:
            scope.deadline = min(scope.deadline, trio.current_time() + seconds)


@asynccontextmanager
async def finishing() -> AsyncIterator[Grace]:
    """Shield a block from cancellation; its own steps bound it after that.

    The block ends by itself or by its steps' deadlines: a step must surround everything that waits.
    """
    grace = Grace()

    async def watch() -> None:
        try:
            await trio.sleep(math.inf)
        finally:
            grace.stop()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(watch)
        with trio.CancelScope(shield=True):
            yield grace
        nursery.cancel_scope.cancel()
