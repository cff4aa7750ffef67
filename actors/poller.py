"""The poller: looks at sources whose check is due, and reports to the writer what they show."""

from collections.abc import Callable, Sequence
from math import inf

import structlog
import trio

from actors.context import Context
from actors.gathering import Gathering, Together
from actors.idling import idle
from actors.insisting import insist
from actors.looking import look_at
from actors.reader.reading import Reader
from actors.traffic import Traffic
from actors.web import Web
from core.metrics import Metrics
from core.page_policy import PagePolicy
from core.protocol import DueSource, PollOutcome, PollReport
from core.schedule import PollingPolicy
from core.settings import Settings
from core.urls.normalize import without_secrets
from store import claims, quiet_polls, sources

log = structlog.get_logger("poller")

_BREATH_S = 0.1
"""So long after a claim the next one comes at the earliest: what is due meanwhile is claimed together."""

Progress = Callable[[PollReport, PollOutcome], None]


async def run(
    ctx: Context, web: Web, reader: Reader, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    """Poll for ever. Owns nothing: what is due, and what was found, are rows.

    Cancelled at any moment it leaves leases that the next incarnation gives back. Bad documents,
    slow and broken servers are reports; only a bug crashes it.
    """
    await insist(lambda: ctx.store.write(claims.release_dead_leases, owner=ctx.owner))
    task_status.started()
    polling = _Polling(ctx, web, reader)
    async with trio.open_nursery() as nursery:
        while True:
            ctx.turned()
            claimed = await polling.claim()
            for source in claimed.due:
                nursery.start_soon(polling.poll, source, None)
            if not claimed.due:
                await polling.wait(claimed)
            elif not claimed.waiting:
                await trio.sleep(_BREATH_S)


async def poll_once(ctx: Context, web: Web, reader: Reader, progress: Progress) -> None:
    """Poll every source that is due now, once, and return."""
    await insist(lambda: ctx.store.write(claims.release_dead_leases, owner=ctx.owner))
    started_ms = ctx.now_ms()
    polling = _Polling(ctx, web, reader)
    async with trio.open_nursery() as nursery:
        while True:
            claimed = await polling.claim(due_by_ms=started_ms)
            for source in claimed.due:
                nursery.start_soon(polling.poll, source, progress)
            if not claimed.waiting:
                return
            if not claimed.due:
                await polling.wait(claimed)


class _Polling:
    """One incarnation's fetches, and until when it sleeps."""

    def __init__(self, ctx: Context, web: Web, reader: Reader) -> None:
        self._ctx = ctx
        self._web = web
        self._reader = reader
        self._policy = polling_policy(ctx.settings)
        self._traffic = Traffic(concurrency=ctx.settings.http_concurrency)
        self._seen = ctx.store.changes
        self._gathering = Gathering()
        self._rests = False
        """Nothing else is due: no source waits for the place of a fetch that has ended."""
        self._sleeps_until_ms = inf
        """Ends of fetches after which nothing is due before that need not wake it."""
        self._claimed_ms = inf
        """When it claimed last, by a clock that may have been set back since."""
        self._quiet = Together(self._record_quiet)

    async def claim(self, due_by_ms: int | None = None) -> claims.Claimed:
        """Lease what may be fetched now; its fetches count as begun."""
        ctx = self._ctx
        await self._traffic.wait_for_room()
        self._seen = ctx.store.changes
        now_ms = ctx.now_ms()
        set_back, self._claimed_ms = now_ms < self._claimed_ms, now_ms
        claimed = await insist(
            lambda: ctx.store.write(
                claims.claim_due,
                owner=ctx.owner,
                room=claims.Room(
                    sources=self._traffic.free(),
                    hung=self._traffic.free_for_hung(),
                    busy_hosts=self._web.hosts.busy(),
                ),
                now_ms=ctx.now_ms(),
                due_by_ms=due_by_ms,
                set_back=set_back,
            )
        )
        for source in claimed.due:
            self._traffic.begin(source.source_id, hung=source.hung)
            self._web.hosts.begin(source.host)
        return claimed

    async def wait(self, claimed: claims.Claimed) -> None:
        """Wait until something may be due, or a host may be asked again, or something made way."""
        until_ms = min(
            (ms for ms in (claimed.following_ms, claimed.lapses_ms) if ms is not None), default=inf
        )
        if claimed.waiting:
            until_ms = min(until_ms, self._ctx.now_ms() + 1000 * self._web.hosts.look_again_in_s())
        self._rests = not claimed.waiting
        if self._rests:
            self._sleeps_until_ms = until_ms
        bell = self._ctx.bells.poller
        await idle(self._ctx, bell, seen=self._seen, until_ms=until_ms, restless=claimed.waiting)
        self._sleeps_until_ms = inf
        self._rests = False

    async def poll(self, source: DueSource, progress: Progress | None) -> None:
        """Look at a source and record what it showed."""
        ctx = self._ctx
        started_s = trio.current_time()
        try:
            with self._gathering.fetching():
                report = await look_at(self._web, self._reader, source, now_ms=ctx.now_ms())
        finally:
            # Its place is free before it is recorded: so the next claim shares a commit with reports.
            self._traffic.end(source.source_id)
            self._web.hosts.end(source.host)
        outcome = await self._record(report)
        _count(ctx.metrics, report, outcome, trio.current_time() - started_s)
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
            ctx.bells.fetcher.ring()
            ctx.bells.publisher.ring()
        if outcome.notices:
            ctx.bells.speaker.ring()
        if outcome.next_check_ms < self._sleeps_until_ms:
            ctx.bells.poller.ring()
        if progress is not None:
            progress(report, outcome)

    async def _record(self, report: PollReport) -> PollOutcome:
        if report.status == "not_modified":
            if self._rests:
                await self._gathering.wait()
            return await self._quiet.record(report)
        ctx = self._ctx
        return await insist(
            lambda: ctx.store.write(
                sources.record_poll,
                report,
                policy=self._policy,
                jitter=ctx.rng.random(),
                now_ms=ctx.now_ms(),
            )
        )

    async def _record_quiet(self, reports: Sequence[PollReport]) -> Sequence[PollOutcome]:
        ctx = self._ctx
        with_jitter = [(report, ctx.rng.random()) for report in reports]
        return await insist(
            lambda: ctx.store.write(quiet_polls.record, with_jitter, policy=self._policy, now_ms=ctx.now_ms())
        )


def _count(metrics: Metrics, report: PollReport, outcome: PollOutcome, took_s: float) -> None:
    metrics.polls_total.add(report.status)
    metrics.poll_seconds.observe(took_s)
    if not report.candidates:
        return
    metrics.links_total.add("new", outcome.new)
    metrics.links_total.add("duplicate", outcome.duplicates)
    metrics.links_total.add("filtered", outcome.filtered)
    metrics.links_total.add("held", outcome.held)


def polling_policy(settings: Settings) -> PollingPolicy:
    """Return the operator's bounds on polling."""
    return PollingPolicy(
        interval_default_s=settings.interval_default,
        interval_min_s=settings.interval_min,
        backoff_max_s=settings.backoff_max,
        interval_max_s=settings.interval_max,
        flood_brake=settings.flood_brake,
        pages=PagePolicy(fetch=settings.fetch_pages),
    )
