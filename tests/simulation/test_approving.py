"""Approval: nothing is posted before somebody who may says so, also after a restart."""

import trio
from trio.testing import MockClock

from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Start

STRANGER_ID = 4242


async def test_links_wait_for_the_first_press_of_somebody_who_may(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed backlog=none")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        assert "approve: yes" in (await life.says(f"/set {CHANNEL_ID} 1 approve=yes")).text
        first, second = world.web.publish("news", 2)
        await life.until(lambda: len([m for m in world.api.messages(OWNER_ID) if "📝" in m.text]) == 2)
    async with start(world) as life:
        await trio.sleep(60)
        cards = {
            url: m for m in world.api.messages(OWNER_ID) for url in (first, second) if f"\n{url}" in m.text
        }
        publish, _, drop = (data for _, data in cards[first].buttons)
        world.api.press(OWNER_ID, STRANGER_ID, cards[first].message_id, publish)
        await trio.sleep(10)
        assert world.links(CHANNEL_ID) == []
        world.api.press(OWNER_ID, OWNER_ID, cards[first].message_id, publish)
        world.api.press(OWNER_ID, OWNER_ID, cards[first].message_id, drop)
        world.api.press(OWNER_ID, OWNER_ID, cards[second].message_id, cards[second].buttons[2][1])
        await life.posted([first])
        assert cards[first].buttons == cards[second].buttons == []
        assert life.rows("SELECT state FROM queue ORDER BY id") == [("sent",), ("dropped",)]
    check(world)
