"""The poller: looks at sources whose check is due, and reports to the writer what they show."""

from collections.abc import Callable
from dataclasses import replace

import structlog
import trio

from actors.context import Context
from actors.insisting import insist
from actors.web import Fetched, Web
from core.candidates import candidates_of
from core.entries import Document
from core.errors import UnreadableDocument, UserError
from core.kinds import parse_as, wanted_by
from core.kinds.sitemap import merge
from core.protocol import DueSource, PollOutcome, PollReport, Validators
from core.schedule import PollingPolicy
from core.settings import Settings
from core.urls.normalize import without_secrets
from store import sources

_LONGEST_SLEEP_S = 60.0

log = structlog.get_logger("poller")

Progress = Callable[[PollReport, PollOutcome], None]


async def run(
    ctx: Context, web: Web, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    """Poll for ever. Owns nothing: what is due, and what was found, are rows.

    Cancelled at any moment it leaves leases that the next incarnation gives back. Bad documents,
    slow and broken servers are reports; only a bug crashes it.
    """
    await insist(lambda: ctx.store.write(sources.release_dead_leases, owner=ctx.owner))
    task_status.started()
    slots = trio.Semaphore(ctx.settings.http_concurrency)
    async with trio.open_nursery() as nursery:
        while True:
            await slots.acquire()
            slots.release()
            due, following_ms = await insist(lambda: _claim(ctx, slots.value, None))
            for source in due:
                slots.acquire_nowait()
                nursery.start_soon(_poll_in_slot, ctx, web, source, slots, None)
            if not due:
                wait_s = _LONGEST_SLEEP_S
                if following_ms is not None:
                    wait_s = min(wait_s, (following_ms - ctx.now_ms()) / 1000)
                await ctx.bells.poller.wait(wait_s)


async def poll_once(ctx: Context, web: Web, progress: Progress) -> None:
    """Poll every source that is due now, once, and return."""
    await insist(lambda: ctx.store.write(sources.release_dead_leases, owner=ctx.owner))
    started_ms = ctx.now_ms()
    slots = trio.Semaphore(ctx.settings.http_concurrency)
    async with trio.open_nursery() as nursery:
        while True:
            await slots.acquire()
            slots.release()
            due, _ = await insist(lambda: _claim(ctx, slots.value, started_ms))
            if not due:
                return
            for source in due:
                slots.acquire_nowait()
                nursery.start_soon(_poll_in_slot, ctx, web, source, slots, progress)


async def _claim(ctx: Context, limit: int, due_by_ms: int | None) -> tuple[list[DueSource], int | None]:
    return await ctx.store.write(
        sources.claim_due,
        owner=ctx.owner,
        limit=limit,
        policy=polling_policy(ctx.settings),
        now_ms=ctx.now_ms(),
        due_by_ms=due_by_ms,
    )


async def _poll_in_slot(
    ctx: Context, web: Web, source: DueSource, slots: trio.Semaphore, progress: Progress | None
) -> None:
    try:
        report = await look_at(web, source, now_ms=ctx.now_ms())
        outcome = await insist(lambda: _record(ctx, report))
    finally:
        slots.release()
    log.info(
        "polled",
        source=source.source_id,
        url=without_secrets(source.url),
        status=report.status,
        error=report.error,
        entries=len(report.candidates),
        new=outcome.new,
        queued=outcome.queued,
    )
    if outcome.queued:
        ctx.bells.publisher.ring()
    if outcome.notices:
        ctx.bells.speaker.ring()
    ctx.bells.poller.ring()
    if progress is not None:
        progress(report, outcome)


async def _record(ctx: Context, report: PollReport) -> PollOutcome:
    return await ctx.store.write(
        sources.record_poll,
        report,
        policy=polling_policy(ctx.settings),
        jitter=ctx.rng.random(),
        now_ms=ctx.now_ms(),
    )


async def look_at(web: Web, source: DueSource, *, now_ms: int, fetched: Fetched | None = None) -> PollReport:
    """Fetch and read a source, or read what was fetched of it; whatever goes wrong with it is in the report.

    Further documents that it needs (the sitemaps of an index) are fetched one after the other, each
    within a fetch's own deadline. One that fails fails the poll: what it held would be missed otherwise.
    """
    if fetched is None:
        fetched = await web.get(source.url, source.validators, now_ms=now_ms, access=source.access)
    if fetched.status != "ok":
        return _not_read(source, fetched)
    try:
        children = []
        for url in wanted_by(source.kind, _document(fetched)):
            child = await web.get(url, Validators(), now_ms=now_ms, access=source.access)
            if child.status != "ok":
                return replace(_not_read(source, child), status="failed", final_url=fetched.url)
            children.append(parse_as(source.kind, _document(child), source.rules))
        parsed = merge(children) if children else parse_as(source.kind, _document(fetched), source.rules)
        candidates, refused = candidates_of(parsed, source_id=source.source_id)
    except UnreadableDocument as error:
        return _unreadable(source, fetched, error.code, error.detail)
    except UserError:
        return _unreadable(source, fetched, "bad_rules")
    except Exception:
        # A document must never cost more than its own source: the next one may be fine.
        log.exception("document_crashed_its_reader", source=source.source_id)
        return _unreadable(source, fetched, "crashed")
    # That an index did not change says nothing about the sitemaps that it names.
    keep = parsed.complete and not children
    return PollReport(
        source_id=source.source_id,
        status="ok",
        candidates=candidates,
        refused=refused,
        validators=fetched.validators if keep else None,
        complete=parsed.complete,
        title=parsed.title or None,
        hints=parsed.hints,
        fresh_s=fetched.fresh_s,
        final_url=fetched.url,
    )


def _document(fetched: Fetched) -> Document:
    return Document(body=fetched.body, url=fetched.url, content_type=fetched.content_type)


def _not_read(source: DueSource, fetched: Fetched) -> PollReport:
    return PollReport(
        source_id=source.source_id,
        status=fetched.status,
        final_url=fetched.url,
        fresh_s=fetched.fresh_s,
        retry_after_s=fetched.retry_after_s,
        error=fetched.error,
        error_args=fetched.error_args,
    )


def _unreadable(source: DueSource, fetched: Fetched, code: str, detail: str = "") -> PollReport:
    return PollReport(
        source_id=source.source_id,
        status="failed",
        final_url=fetched.url,
        error=code,
        error_args=(detail,) if code == "which_list" else (),
    )


def polling_policy(settings: Settings) -> PollingPolicy:
    """Return the operator's bounds on polling."""
    return PollingPolicy(
        interval_default_s=settings.interval_default,
        interval_min_s=settings.interval_min,
        backoff_max_s=settings.backoff_max,
        interval_max_s=settings.interval_max,
    )
