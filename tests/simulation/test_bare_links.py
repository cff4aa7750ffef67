"""A link without title or picture, sent by hand: the question, its buttons, and who may press them."""

import pytest
import trio
from trio.testing import MockClock

from simulation.http import Reply
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Start

STRANGER = 2002


@pytest.mark.parametrize("verdict", ["post", "drop"])
async def test_whoever_sent_it_is_asked(
    autojump_clock: MockClock, world: World, start: Start, check: Check, verdict: str
) -> None:
    world.feed("news")
    world.web.page_replies["news"] = Reply(status=403)
    [link] = world.web.publish("news")
    world.api.people.private(STRANGER)
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {link} as=link")
        await life.until(lambda: any("neither title" in m.text for m in world.api.messages(OWNER_ID)))
        card = next(m for m in world.api.messages(OWNER_ID) if "neither title" in m.text)
        assert "it answered 403" in card.text
        assert [text for text, _ in card.buttons] == ["Publish", "Drop"]
        data = next(data for _, data in card.buttons if data.endswith(verdict))
        world.api.press(OWNER_ID, STRANGER, card.message_id, data)
        await trio.sleep(100)
        assert world.links(CHANNEL_ID) == []
        for _ in range(2):
            world.api.press(OWNER_ID, OWNER_ID, card.message_id, data)
        await trio.sleep(100)
        assert world.links(CHANNEL_ID) == ([link] if verdict == "post" else [])
        assert "✔️" in card.text
    check(world)
