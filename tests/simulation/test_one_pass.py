"""`once`: each source that is due is looked at once, however it answers."""

import random

import trio
from trio.testing import MockClock

import supervisor
from actors import poller
from actors.reader.reading import InlineReader
from actors.running import inline
from core.protocol import Place, PollOutcome, PollReport
from simulation.feeds import Trouble
from simulation.world import CHANNEL_ID, World
from store import adding


async def _pass(world: World, interval_s: float) -> list[PollReport]:
    """Make one pass, on a clock that moves on with each look at it, as real ones do."""
    ticks = iter(range(10_000_000))
    env = supervisor.Environment(
        settings=world.settings(http_concurrency=1),  # so that each claim sees the reports before
        now_ms=lambda: world.now_ms() + next(ticks),
        clock=trio.current_time,
        rng=random.Random(world.rng.random()),
        run_write=inline,
        run_read=inline,
        announce=world.announced.append,
        web_transport=world.web_transport,
    )
    reports: list[PollReport] = []

    def note(report: PollReport, _outcome: PollOutcome) -> None:
        reports.append(report)
        assert len(reports) <= len(list(world.web)), "a pass that never ends"

    async with supervisor.storage(env) as (store, boot_id), supervisor.web(env) as pages:
        for feed in world.web:
            wish = adding.Wish(
                place=Place(chat_id=CHANNEL_ID),
                kind="feed",
                url=feed.url,
                backlog="none",
                interval_s=interval_s,
                due_now=True,
            )
            await store.write(adding.add, wish, now_ms=env.now_ms())
        await poller.poll_once(supervisor.context_for(env, store, boot_id), pages, InlineReader(), note)
    return reports


async def test_each_source_is_looked_at_once(autojump_clock: MockClock, world: World) -> None:
    world.feed("good")
    world.feed("bad")
    world.web.trouble("bad", Trouble(kind="status", status=500, count=None))
    for _ in range(2):
        reports = await _pass(world, interval_s=1.0)
        assert sorted(report.status for report in reports) in (["failed", "ok"], ["failed", "not_modified"])
        await trio.sleep(100)
