"""The finder: looks behind addresses that somebody wants to watch and has not said how."""

import structlog
import trio
from sqlite_utils import Database

from actors.context import Context
from actors.finding import Looked, find
from actors.idling import idle
from actors.insisting import insist
from actors.looking import look_at
from actors.poller import polling_policy
from actors.reader.reading import Reader
from actors.web import Fetched, Web
from core.discovery import Found
from core.protocol import DueSource, Probe
from core.urls.normalize import without_secrets
from store import claims, probes, sources

_AT_ONCE = 4

log = structlog.get_logger("finder")


async def run(
    ctx: Context, web: Web, reader: Reader, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    """Look behind addresses for ever, a few at once.

    It is an actor of its own, for a person waits for it while the poller's turns may be long, and an
    address that answers slowly must not take one of them. What is asked, and what was found, are rows:
    cancelled at any moment it leaves leases that the next incarnation gives back, and asks again.
    """
    await insist(lambda: ctx.store.write(probes.release_dead_leases, owner=ctx.owner))
    task_status.started()
    slots = trio.Semaphore(_AT_ONCE)
    async with trio.open_nursery() as nursery:
        while True:
            ctx.turned()
            await slots.acquire()
            slots.release()
            seen = ctx.store.changes
            claimed = await insist(lambda: ctx.store.write(probes.claim, owner=ctx.owner, limit=slots.value))
            for probe in claimed:
                slots.acquire_nowait()
                nursery.start_soon(_look_in_slot, ctx, web, reader, probe, slots)
            if not claimed:
                await idle(ctx, ctx.bells.finder, seen=seen)


async def _look_in_slot(ctx: Context, web: Web, reader: Reader, probe: Probe, slots: trio.Semaphore) -> None:
    try:
        looked = await _look(ctx, web, reader, probe)
        due = await insist(lambda: ctx.store.write(_record, ctx, probe, looked, now_ms=ctx.now_ms()))
        if due is not None:
            await _first_poll(ctx, web, reader, due, looked.fetched)
    finally:
        slots.release()
    found = looked.found
    log.info(
        "looked_behind",
        probe=probe.probe_id,
        url=without_secrets(probe.url),
        chosen=found.chosen.kind if found.chosen else None,
        suggestions=len(found.suggestions),
        error=found.error,
    )
    ctx.bells.speaker.ring()
    ctx.bells.poller.ring()
    ctx.bells.fetcher.ring()
    ctx.bells.publisher.ring()
    ctx.bells.finder.ring()


def _record(db: Database, ctx: Context, probe: Probe, looked: Looked, *, now_ms: int) -> DueSource | None:
    """Take down what was found, and lease the new source where its document is here already."""
    source_id = probes.record(db, probe.probe_id, looked.found, now_ms=now_ms)
    if source_id is None or looked.fetched is None:
        return None
    return claims.lease(db, source_id, owner=ctx.owner, now_ms=now_ms)


async def _first_poll(
    ctx: Context, web: Web, reader: Reader, due: DueSource, fetched: Fetched | None
) -> None:
    """What was fetched to see what it is counts as the first poll: nobody is asked twice for it."""
    report = await look_at(web, reader, due, now_ms=ctx.now_ms(), fetched=fetched)
    await insist(
        lambda: ctx.store.write(
            sources.record_poll,
            report,
            policy=polling_policy(ctx.settings),
            jitter=ctx.rng.random(),
            now_ms=ctx.now_ms(),
        )
    )


async def _look(ctx: Context, web: Web, reader: Reader, probe: Probe) -> Looked:
    try:
        return await find(web, reader, probe.url, now_ms=ctx.now_ms(), access=probe.access)
    except Exception:
        # As at the poller: a document must never cost more than its own question.
        log.exception("document_crashed_its_reader", probe=probe.probe_id)
        return Looked(Found(error="crashed"))
