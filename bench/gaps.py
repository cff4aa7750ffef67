"""How long an event loop is held up."""

import time
from collections.abc import Awaitable, Callable

import trio

TICK_S = 0.001


async def longest_gap_s(work: Callable[[], Awaitable[None]]) -> float:
    """Return for how many seconds, at most, a task that only sleeps did not get its turn meanwhile."""
    longest_s = 0.0

    async def watch() -> None:
        nonlocal longest_s
        while True:
            started_s = time.perf_counter()
            await trio.sleep(TICK_S)
            longest_s = max(longest_s, time.perf_counter() - started_s - TICK_S)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(watch)
        await trio.sleep(5 * TICK_S)
        await work()
        await trio.sleep(5 * TICK_S)
        nursery.cancel_scope.cancel()
    return longest_s
