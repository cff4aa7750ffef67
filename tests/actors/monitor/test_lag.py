"""What the event loop's instrument sees."""

import time

import trio
import trio.lowlevel

from actors.monitor.lag import LoopLag
from core.metrics import Histogram


async def test_a_task_that_blocks_is_seen_and_one_that_waits_is_not() -> None:
    seen = Histogram((0.03,))
    lag = LoopLag(seen)
    await trio.lowlevel.checkpoint()
    trio.lowlevel.add_instrument(lag)
    try:
        await trio.sleep(0.04)
        assert seen.counts[1] == 0
        time.sleep(0.04)  # noqa: ASYNC251 - what must not be done
        await trio.sleep(0.001)
    finally:
        trio.lowlevel.remove_instrument(lag)
    assert seen.counts[1] == 1
