"""Waiting for one's turn among all messages."""

import trio

from core.pacing import GlobalPace


async def wait_for_turn(pace: GlobalPace) -> None:
    """Wait for the next slot; one that now lies in a flood wait is given up for a later one."""
    while True:
        await trio.sleep(pace.reserve(now_s=trio.current_time()))
        if trio.current_time() >= pace.frozen_until_s:
            return
