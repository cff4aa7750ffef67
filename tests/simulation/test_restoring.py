"""An old backup is restored after the program has gone on: nothing is posted twice."""

import sqlite3
from contextlib import closing

import trio
from trio.testing import MockClock

from simulation.world import CHANNEL_ID, World
from store import restoring
from tests.simulation.running import Check, Start


async def test_nothing_is_repeated_after_restoring_an_old_backup(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed backlog=2")
        await life.until(lambda: len(world.links(CHANNEL_ID)) == 2)
    backup = world.folder / "backup.db"
    with closing(sqlite3.connect(world.database)) as db, closing(sqlite3.connect(backup)) as copy:
        db.backup(copy)
    async with start(world) as life:
        world.web.publish("news", 3)
        await life.until(lambda: len(world.links(CHANNEL_ID)) == 5)
    before = world.links(CHANNEL_ID)
    restoring.restore(backup, world.database, since="posted", now_ms=world.now_ms())
    async with start(world) as life:
        await trio.sleep(60)
        new = world.web.publish("news", 2)
        await life.posted(before + new)
    check(world)
