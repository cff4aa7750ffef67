"""/pause and /resume, from the command to the channel."""

import trio
from trio.testing import MockClock

from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Check, Start


async def test_a_pause_from_beginning_to_end(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=20s as=feed")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        links = world.web.publish("news")
        await life.posted(links)
        assert "No. 1 News" in (await life.says(f"/pause {CHANNEL_ID} 1")).text
        asked = len(world.web.requests)
        missed = world.web.publish("news", 3)
        await trio.sleep(300)
        assert len(world.web.requests) == asked, "nobody follows it, nobody asks it"
        assert "pauses until /resume" in (await life.says(f"/list {CHANNEL_ID} paused")).text
        assert "· pauses" in (await life.says(f"/info {CHANNEL_ID} 1")).text
        assert "Goes on" in (await life.says(f"/resume {CHANNEL_ID} all backlog=1")).text
        await life.posted([*links, missed[-1]])
        await life.says(f"/pause {CHANNEL_ID} 1 10m")
        world.web.publish("news")
        await trio.sleep(900)
        assert life.rows("SELECT state FROM subscriptions") == [("active",)], "it goes on by itself"
        new = world.web.publish("news")
        await life.posted([*links, missed[-1], *new])
        passed = life.rows("SELECT COUNT(*) FROM verdicts WHERE verdict = 'backlog'")
        assert passed == [(3 + 2 + 1,)], "what it showed at first, and what nobody wanted of each pause"
        assert "/list shows" in (await life.says("/pause 7")).text
    check(world)
