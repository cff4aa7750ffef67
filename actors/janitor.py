"""The janitor: small duties that nobody waits for."""

import structlog
import trio
from sqlite_utils import Database

from actors.context import Context
from actors.insisting import insist
from store import brake, chats, pages, people, pictures, processes, watchdogs

_BEAT_S = 30.0
_ROUNDS_PER_LOOK = 2
_ROUNDS_PER_SWEEP = 120

log = structlog.get_logger("janitor")


async def run(ctx: Context, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
    """Say that this process lives, twice a minute; look after the sources; drop what waited too long."""
    task_status.started()
    rounds = 0
    while True:
        ctx.turned()
        await insist(lambda: ctx.store.write(processes.beat, boot_id=ctx.owner.boot_id, now_ms=ctx.now_ms()))
        if rounds % _ROUNDS_PER_SWEEP == 0:
            dropped = await insist(lambda: ctx.store.write(chats.expire_held, now_ms=ctx.now_ms()))
            await _forget_texts(ctx)
            if dropped:
                log.warning("posts_expired", count=dropped, reason="chat out of reach for 30 days")
        if rounds % _ROUNDS_PER_LOOK == 0:
            spoken = await insist(lambda: ctx.store.write(_watch, ctx=ctx))
            if spoken:
                ctx.bells.speaker.ring()
        rounds += 1
        await trio.sleep(_BEAT_S)


async def _forget_texts(ctx: Context) -> None:
    """Drop the texts of old links, and what was learned of old pictures, a part in each commit."""
    before_ms = ctx.now_ms() - round(ctx.settings.keep_pages * 1000)
    while await insist(lambda: ctx.store.write(pages.forget, before_ms=before_ms)):
        await trio.lowlevel.checkpoint()
    while await insist(lambda: ctx.store.write(pictures.forget, before_ms=before_ms)):
        await trio.lowlevel.checkpoint()


def _watch(db: Database, *, ctx: Context) -> int:
    """Let the watchdogs look and the flood brake ask; return how many notices wait to be spoken."""
    alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
    if alert is None:
        return 0
    now_ms = ctx.now_ms()
    return watchdogs.look(db, alert=alert, now_ms=now_ms) + brake.ask(db, alert=alert, now_ms=now_ms)
