"""A new version knows links by newer rules: what was posted under an older key is no news."""

import sqlite3
from contextlib import closing

import trio
from trio.testing import MockClock

from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Check, Start


def _as_older_rules_left_it(world: World) -> None:
    """Make keys that keep a parameter, which the rules of today drop."""
    with closing(sqlite3.connect(world.database)) as db, db:
        db.execute("DELETE FROM facts WHERE name = 'rules_version'")
        db.execute(
            "UPDATE history SET rules_version = 0, normalized_url = normalized_url || '?utm_medium=old'"
        )


async def test_nothing_is_posted_again_after_an_update(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} backlog=all every=1m")
        await life.posted([entry.link for entry in feed.entries])
    before = world.links(CHANNEL_ID)
    _as_older_rules_left_it(world)
    async with start(world) as life:
        new = world.web.publish("news", 2)
        await life.posted(before + new)
        await trio.sleep(300)
        assert world.links(CHANNEL_ID) == before + new
        assert life.rows("SELECT COUNT(*) FROM history WHERE normalized_url LIKE '%=old'") == [(0,)]
    check(world)
