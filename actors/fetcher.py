"""The fetcher: reads the pages of new links, and reports what they say and where they lead."""

from math import inf

import structlog
import trio

from actors.context import Context
from actors.idling import idle
from actors.insisting import insist
from actors.reader.reading import Reader
from actors.traffic import Traffic
from actors.web import Fetched, Web
from core.entries import Document
from core.errors import UnreadableDocument
from core.pages.enough import Enough
from core.pages.excerpt import MOST_BYTES
from core.protocol import PageJob, PageReport
from core.urls.normalize import without_secrets
from store import pages

_AT_ONCE = 16
_PASSING = frozenset({"timeout", "unreachable", "proxy"})
_PASSING_STATUSES = frozenset({"429", "500", "502", "503", "504"})

log = structlog.get_logger("fetcher")


async def run(
    ctx: Context, web: Web, reader: Reader, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    """Read pages for ever. Owns nothing: what is to be read, and what was found, are rows.

    Cancelled at any moment it leaves leases that the next incarnation gives back. A page is never the
    condition of a post: whatever goes wrong with it, its link goes out when its time has come.
    """
    await insist(lambda: ctx.store.write(pages.release_dead_leases, owner=ctx.owner))
    task_status.started()
    fetching = _Fetching(ctx, web, reader)
    async with trio.open_nursery() as nursery:
        while True:
            ctx.turned()
            claimed = await fetching.claim()
            for job in claimed.jobs:
                nursery.start_soon(fetching.read, job)
            if not claimed.jobs:
                await fetching.wait(claimed)


async def fetch_once(ctx: Context, web: Web, reader: Reader) -> None:
    """Read every page that waits to be read, and return."""
    await insist(lambda: ctx.store.write(pages.release_dead_leases, owner=ctx.owner))
    fetching = _Fetching(ctx, web, reader)
    async with trio.open_nursery() as nursery:
        while True:
            claimed = await fetching.claim()
            for job in claimed.jobs:
                nursery.start_soon(fetching.read, job)
            if not claimed.waiting:
                return
            if not claimed.jobs:
                await fetching.wait(claimed)


class _Fetching:
    """One incarnation's fetches."""

    def __init__(self, ctx: Context, web: Web, reader: Reader) -> None:
        self._ctx = ctx
        self._web = web
        self._reader = reader
        self._traffic = Traffic(concurrency=min(_AT_ONCE, ctx.settings.http_concurrency))
        self._seen = ctx.store.changes

    async def claim(self) -> pages.Claimed:
        """Lease pages that may be read now; their fetches count as begun."""
        ctx = self._ctx
        await self._traffic.wait_for_room()
        self._seen = ctx.store.changes
        claimed = await insist(
            lambda: ctx.store.write(
                pages.claim,
                owner=ctx.owner,
                limit=self._traffic.free(),
                busy_hosts=self._web.hosts.busy(),
                now_ms=ctx.now_ms(),
            )
        )
        for job in claimed.jobs:
            self._traffic.begin(job.history_id)
            self._web.hosts.begin(job.host)
        return claimed

    async def wait(self, claimed: pages.Claimed) -> None:
        """Wait until there is something to read, or a host may be asked again."""
        until_ms = inf if claimed.following_ms is None else claimed.following_ms
        if claimed.waiting:
            until_ms = min(until_ms, self._ctx.now_ms() + self._web.hosts.look_again_in_s() * 1000)
        await idle(
            self._ctx,
            self._ctx.bells.fetcher,
            seen=self._seen,
            until_ms=until_ms,
            restless=claimed.waiting,
        )

    async def read(self, job: PageJob) -> None:
        """Read a page and record what it said."""
        ctx = self._ctx
        try:
            report = await look_at_page(self._web, self._reader, job, now_ms=ctx.now_ms())
            outcome = await insist(lambda: ctx.store.write(pages.record, report, now_ms=ctx.now_ms()))
        finally:
            self._traffic.end(job.history_id)
            self._web.hosts.end(job.host)
        ctx.metrics.pages_total.add(report.error or "ok")
        log.info(
            "page",
            link=job.history_id,
            url=without_secrets(job.url),
            error=report.error,
            merged=outcome.merged,
            freed=outcome.freed,
        )
        if outcome.freed:
            ctx.bells.publisher.ring()
        ctx.bells.fetcher.ring()


async def look_at_page(web: Web, reader: Reader, job: PageJob, *, now_ms: int) -> PageReport:
    """Fetch and read a page; whatever goes wrong with it is in the report."""
    fetched = await web.get_head(job.url, most_bytes=MOST_BYTES, enough=Enough(), now_ms=now_ms)
    if fetched.status != "ok":
        return PageReport(
            history_id=job.history_id,
            error=fetched.error,
            error_args=fetched.error_args,
            passing=_may_pass(fetched),
        )
    document = Document(body=fetched.body, url=fetched.url, content_type=fetched.content_type)
    try:
        page = await reader.page(document)
    except UnreadableDocument as error:
        return PageReport(history_id=job.history_id, error=error.code)
    except Exception:
        # As at the poller: a document must never cost more than its own link.
        log.exception("document_crashed_its_reader", link=job.history_id)
        return PageReport(history_id=job.history_id, error="crashed")
    return PageReport(history_id=job.history_id, page=page, led_to=fetched.url if fetched.hops else None)


def _may_pass(fetched: Fetched) -> bool:
    if fetched.error == "http_status":
        return fetched.error_args[0] in _PASSING_STATUSES
    return fetched.error in _PASSING
