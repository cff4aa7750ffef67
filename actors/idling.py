"""How an actor waits that has nothing to do: for its bell, a known moment, or a sign that it missed one."""

from math import inf

import trio

from actors.context import Context
from actors.doorbell import Doorbell

TURN_S = 60.0
"""An idle loop turns so often; those of all actors at the same moment, so that the processor wakes once."""
_LOOK_S = 600.0
_JUMP_MS = 5_000


async def idle(
    ctx: Context, bell: Doorbell, *, seen: int, until_ms: float = inf, restless: bool = False
) -> None:
    """Return when it is worth looking again; say meanwhile, each minute, that the loop turns.

    That is when somebody rings, and at `until_ms`. A lost ring costs a minute: at each turn it returns if
    something was written since. A clock that was set, or a machine that slept, costs a minute too. Where
    nothing of all that happens, it returns after ten minutes.

    Args:
        ctx: of the actor.
        bell: its own.
        seen: `ctx.store.changes` before it looked for something to do.
        until_ms: then something is due (epoch milliseconds).
        restless: time alone may bring something, nobody knows when: it returns at the next turn.
    """
    began_s, began_ms = trio.current_time(), ctx.now_ms()
    while True:
        turn_s = TURN_S - trio.current_time() % TURN_S
        left_s = (until_ms - ctx.now_ms()) / 1000
        if await bell.wait(min(turn_s, left_s)) or left_s <= turn_s:
            return
        ctx.turned()
        rested_s = trio.current_time() - began_s
        jumped_ms = abs(ctx.now_ms() - began_ms - rested_s * 1000)
        if restless or ctx.store.changes != seen or rested_s >= _LOOK_S or jumped_ms > _JUMP_MS:
            return
