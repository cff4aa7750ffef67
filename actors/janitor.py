"""The janitor: small duties that nobody waits for."""

from functools import partial

import structlog
import trio
from sqlite_utils import Database

from actors.context import Context
from actors.insisting import insist
from core.page_policy import PagePolicy
from store import (
    brake,
    finding,
    out_of_reach,
    pages,
    pausing,
    people,
    pictures,
    processes,
    receipts,
    watchdogs,
)

_BEAT_S = 30.0
_BREATH_S = 0.02
_BATCHES_A_ROUND = 200
_ROUNDS_PER_LOOK = 2
_ROUNDS_PER_SWEEP = 120

log = structlog.get_logger("janitor")


async def run(ctx: Context, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
    """Say that this process lives, twice a minute; look after the sources; end pauses; drop what waited."""
    task_status.started()
    rounds = 0
    while True:
        ctx.turned()
        await insist(lambda: ctx.store.write(processes.beat, boot_id=ctx.owner.boot_id, now_ms=ctx.now_ms()))
        if rounds % _ROUNDS_PER_SWEEP == 0:
            dropped = await insist(lambda: ctx.store.write(_expire, ctx=ctx))
            await _forget_texts(ctx)
            if dropped:
                log.warning("posts_expired", count=dropped, reason="chat out of reach for 30 days")
                ctx.bells.speaker.ring()
            if await insist(lambda: ctx.store.write(_tell_receipts, ctx=ctx)):
                ctx.bells.speaker.ring()
            if await insist(lambda: ctx.store.write(out_of_reach.retry, now_ms=ctx.now_ms())):
                ctx.bells.publisher.ring()
        if await insist(lambda: ctx.store.write(pausing.resume_due, pages=_pages(ctx), now_ms=ctx.now_ms())):
            ctx.bells.poller.ring()
            ctx.bells.fetcher.ring()
            ctx.bells.publisher.ring()
        await _index(ctx)
        if rounds % _ROUNDS_PER_LOOK == 0:
            spoken = await insist(lambda: ctx.store.write(_watch, ctx=ctx))
            if spoken:
                ctx.bells.speaker.ring()
        rounds += 1
        await trio.sleep(_BEAT_S)


async def _forget_texts(ctx: Context) -> None:
    """Drop the texts of old links, and what was learned of old pictures, a part in each commit."""
    before_ms = ctx.now_ms() - round(ctx.settings.keep_pages * 1000)
    while await insist(lambda: ctx.store.write(pictures.forget, before_ms=before_ms)):
        await trio.lowlevel.checkpoint()
    behind: tuple[int, int] | None = (-1, 0)
    while behind is not None:
        forget = partial(ctx.store.write, pages.forget, before_ms=before_ms, behind=behind)
        behind = await insist(forget)
    while await insist(lambda: ctx.store.write(finding.forget, before_ms=before_ms)):
        await trio.lowlevel.checkpoint()


async def _index(ctx: Context) -> None:
    """Let new links be found by their words; a part in each commit, and of very many some in each round."""
    since_ms = ctx.now_ms() - round(ctx.settings.keep_pages * 1000)
    for _ in range(_BATCHES_A_ROUND):
        if not await insist(lambda: ctx.store.read(finding.is_behind)):
            return
        await insist(lambda: ctx.store.write(finding.index, since_ms=since_ms))
        await trio.sleep(_BREATH_S)


def _pages(ctx: Context) -> PagePolicy:
    return PagePolicy(fetch=ctx.settings.fetch_pages)


def _expire(db: Database, *, ctx: Context) -> int:
    """Drop what waited too long for chats out of reach; return how many posts that are."""
    alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
    return out_of_reach.expire(db, alert=alert, now_ms=ctx.now_ms())


def _tell_receipts(db: Database, *, ctx: Context) -> int:
    """Say what became of the day that is over, where that is wanted; return how many notices that is."""
    alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
    return receipts.tell(db, alert=alert, now_ms=ctx.now_ms())


def _watch(db: Database, *, ctx: Context) -> int:
    """Let the watchdogs look and the flood brake ask; return how many notices wait to be spoken."""
    alert = people.alert_place(db, ctx.settings.alert_place, ctx.settings.owner_ids)
    if alert is None:
        return 0
    now_ms = ctx.now_ms()
    return watchdogs.look(db, alert=alert, now_ms=now_ms) + brake.ask(db, alert=alert, now_ms=now_ms)
