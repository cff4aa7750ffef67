"""Whether the program does its work: a write is answered in time, and every actor's loop turns."""

import trio

from actors.context import Context
from actors.pulse import Pulse
from core.errors import TransientError
from store import processes

ANSWER_S = 2.0


async def what_is_wrong(ctx: Context, pulse: Pulse) -> list[str]:
    """Return a line for each thing that keeps the program from its work; none if it is ready."""
    wrong = [f"{actor}: has not turned for {age_s:.0f} s" for actor, age_s in pulse.late()]
    with trio.move_on_after(ANSWER_S) as scope:
        try:
            await ctx.store.write(processes.beat, boot_id=ctx.owner.boot_id, now_ms=ctx.now_ms())
        except TransientError as error:
            wrong.insert(0, f"writer: {error}")
    if scope.cancelled_caught:
        wrong.insert(0, f"writer: no answer to a write within {ANSWER_S:.0f} s")
    return wrong
