"""/duplicates in the whole program."""

import trio
from trio.testing import MockClock

from simulation.world import CHANNEL_ID, World
from tests.simulation.running import Start

STRANGER = 2002


async def test_repeats_of_a_second_source_are_told_and_none_is_a_duplicate(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    one, two = world.feed("one", first=1), world.feed("two", first=1)
    world.api.people.private(STRANGER)
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {one.url} {two.url} every=10s as=feed")
        await trio.sleep(30)
        [link] = world.web.publish("one", 1)
        await trio.sleep(30)
        world.web.publish("two", 1, link=link)
        await trio.sleep(30)
        told = (await life.says("/duplicates")).text
        assert told.startswith("Duplicates: 0\nLooked at: the newest 3 links")
        assert "24 hours: 1 repeats" in told
        assert "private" in (await life.says("/duplicates", user_id=STRANGER)).text
        assert world.links(CHANNEL_ID) == [link]
