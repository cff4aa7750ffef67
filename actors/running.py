"""How blocking work runs: in worker threads in production, inline under a mock clock."""

from collections.abc import Callable
from typing import TypeVar

import trio

from store.client import Runner

_T = TypeVar("_T")


def in_threads(count: int) -> Runner:
    """Return a runner with `count` threads at most. Cancellation waits for the work to end."""
    limiter = trio.CapacityLimiter(count)

    async def run(work: Callable[[], _T]) -> _T:
        return await trio.to_thread.run_sync(work, limiter=limiter)

    return run


async def inline(work: Callable[[], _T]) -> _T:
    """Run work in the event loop: threads under an autojump clock would give false time-outs."""
    await trio.lowlevel.checkpoint()
    return work()
