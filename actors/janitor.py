"""The janitor: small duties that nobody waits for."""

import structlog
import trio

from actors.context import Context
from actors.insisting import insist
from store import chats, processes

_BEAT_S = 30.0
_ROUNDS_PER_SWEEP = 120

log = structlog.get_logger("janitor")


async def run(ctx: Context, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
    """Say that this process lives, twice a minute; drop what has waited too long, once an hour."""
    task_status.started()
    rounds = 0
    while True:
        await insist(lambda: ctx.store.write(processes.beat, boot_id=ctx.owner.boot_id, now_ms=ctx.now_ms()))
        if rounds % _ROUNDS_PER_SWEEP == 0:
            dropped = await insist(lambda: ctx.store.write(chats.expire_held, now_ms=ctx.now_ms()))
            if dropped:
                log.warning("posts_expired", count=dropped, reason="chat out of reach for 30 days")
        rounds += 1
        await trio.sleep(_BEAT_S)
