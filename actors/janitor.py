"""The janitor: small duties that nobody waits for."""

from functools import partial
from math import inf

import structlog
import trio
from sqlite_utils import Database

from actors.context import Context
from actors.idling import TURN_S
from actors.insisting import insist
from core.page_policy import PagePolicy
from store import (
    audit,
    brake,
    chores,
    finding,
    out_of_reach,
    own_texts,
    pages,
    pausing,
    people,
    pictures,
    processes,
    receipts,
    removing,
    watchdogs,
)

_BEAT_S = 300.0
_SWEEP_S = 3600.0
_BREATH_S = 0.02
_BATCHES_A_ROUND = 200

log = structlog.get_logger("janitor")


async def run(ctx: Context, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
    """Look after the sources each minute, and end pauses when they are over; drop each hour what waited.

    Every five minutes it says that this process lives: within the time of a lease. Whether there is
    anything else to do is read first, so that a minute without work writes nothing.
    """
    task_status.started()
    beat_s = swept_s = -inf
    while True:
        ctx.turned()
        now_s = trio.current_time()
        if now_s - beat_s >= _BEAT_S:
            beat_s = now_s
            await insist(partial(_beat, ctx))
        if now_s - swept_s >= _SWEEP_S:
            swept_s = now_s
            await _sweep(ctx)
        pause_ends_s = await _look_after(ctx)
        await trio.sleep(min(pause_ends_s, TURN_S - trio.current_time() % TURN_S))


async def _look_after(ctx: Context) -> float:
    """Do what there is to do now; return in how many seconds a pause will be over."""
    found = await insist(lambda: ctx.store.read(chores.waiting, now_ms=ctx.now_ms()))
    if found.resume:
        await insist(lambda: ctx.store.write(pausing.resume_due, pages=_pages(ctx), now_ms=ctx.now_ms()))
        ctx.bells.poller.ring()
        ctx.bells.fetcher.ring()
        ctx.bells.publisher.ring()
    if found.words:
        await _index(ctx)
    if found.removals:
        await insist(lambda: ctx.store.write(removing.forget, now_ms=ctx.now_ms()))
    if found.watch:
        spoken = await insist(lambda: ctx.store.write(_watch, ctx=ctx))
        if spoken:
            ctx.bells.speaker.ring()
    return inf if found.resume_ms is None else max(0.0, (found.resume_ms - ctx.now_ms()) / 1000)


async def _beat(ctx: Context) -> None:
    await ctx.store.write(processes.beat, boot_id=ctx.owner.boot_id, now_ms=ctx.now_ms())


async def _sweep(ctx: Context) -> None:
    """Drop what has waited too long, and what is old; try chats again that were not found."""
    dropped = await insist(lambda: ctx.store.write(_expire, ctx=ctx))
    await _forget_texts(ctx)
    while await insist(lambda: ctx.store.write(audit.forget, now_ms=ctx.now_ms())):
        await trio.lowlevel.checkpoint()
    if dropped:
        log.warning("posts_expired", count=dropped, reason="chat out of reach for 30 days")
        ctx.bells.speaker.ring()
    if await insist(lambda: ctx.store.read(receipts.is_wanted)):
        await insist(lambda: ctx.store.write(_tell_receipts, ctx=ctx))
        ctx.bells.speaker.ring()
    if await insist(lambda: ctx.store.write(out_of_reach.retry, now_ms=ctx.now_ms())):
        ctx.bells.publisher.ring()


async def _forget_texts(ctx: Context) -> None:
    """Drop the texts of old links, and what was learned of old pictures, a part in each commit."""
    before_ms = ctx.now_ms() - round(ctx.settings.keep_pages * 1000)
    behind: tuple[int, int] | None = (-1, 0)
    while behind is not None:
        forget = partial(ctx.store.write, pages.forget, before_ms=before_ms, behind=behind)
        behind = await insist(forget)
    for forget_some in (pictures.forget, finding.forget, own_texts.forget):
        while await insist(partial(ctx.store.write, forget_some, before_ms=before_ms)):
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
