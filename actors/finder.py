"""The finder: looks behind addresses that somebody wants to watch and has not said how."""

import structlog
import trio

from actors.context import Context
from actors.finding import find
from actors.insisting import insist
from actors.reader.reading import Reader
from actors.web import Web
from core.discovery import Found
from core.protocol import Probe
from core.urls.normalize import without_secrets
from store import probes

_AT_ONCE = 4
_LONGEST_SLEEP_S = 300.0

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
            await slots.acquire()
            slots.release()
            claimed = await insist(lambda: ctx.store.write(probes.claim, owner=ctx.owner, limit=slots.value))
            for probe in claimed:
                slots.acquire_nowait()
                nursery.start_soon(_look_in_slot, ctx, web, reader, probe, slots)
            if not claimed:
                await ctx.bells.finder.wait(_LONGEST_SLEEP_S)


async def _look_in_slot(ctx: Context, web: Web, reader: Reader, probe: Probe, slots: trio.Semaphore) -> None:
    try:
        found = await _look(ctx, web, reader, probe)
        await insist(lambda: ctx.store.write(probes.record, probe.probe_id, found, now_ms=ctx.now_ms()))
    finally:
        slots.release()
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
    ctx.bells.finder.ring()


async def _look(ctx: Context, web: Web, reader: Reader, probe: Probe) -> Found:
    try:
        return await find(web, reader, probe.url, now_ms=ctx.now_ms(), access=probe.access)
    except Exception:
        # As at the poller: a document must never cost more than its own question.
        log.exception("document_crashed_its_reader", probe=probe.probe_id)
        return Found(error="crashed")
