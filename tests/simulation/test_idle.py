"""A program that has nothing to say leaves the disk alone."""

import trio
from trio.testing import MockClock

from simulation.commits import commits
from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Check, Start

_BEATS = 12


async def test_commits_of_an_idle_hour(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    """Sources of ten minutes: those that come due together are leased and recorded together."""
    feeds = [world.feed(f"feed-{n}") for n in range(12)]
    for feed in feeds:
        feed.base = f"https://{feed.name}.example"
    words = " ".join(feed.url for feed in feeds)
    async with start(world, interval_default=600.0, fetch_pages=False) as life:
        await life.says(f"/add {CHANNEL_ID} {words} as=feed")
        await trio.sleep(1800)
        with commits(world.database) as committed:
            before, polls_before = committed(), len(world.web.requests)
            await trio.sleep(3600)
            polls = len(world.web.requests) - polls_before
            found = committed() - before
            assert 66 < polls < 82, "each is still asked every ten minutes"
            # Each poll alone would be two commits: its lease, and its report.
            assert 0 < found <= _BEATS + polls
            life.stop.set()
            await life.ended.wait()
    check(world)


async def test_nothing_but_that_it_lives_is_written_where_nothing_is_watched(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await trio.sleep(3600)
        with commits(world.database) as committed:
            before = committed()
            await trio.sleep(2 * 3600)
            assert 0 < committed() - before <= 2 * _BEATS
            life.stop.set()
            await life.ended.wait()
    check(world)
