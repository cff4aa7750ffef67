"""/add and /post alone: buttons for the chats that can be meant, and a question for the address."""

from trio.testing import MockClock

from simulation.botapi import Chat
from simulation.world import CHANNEL_ID, World
from tests.simulation.roles import EDITOR, GROUP, VIEWER, give_roles
from tests.simulation.running import Start

LINK = "https://links.example/story"


async def test_add_alone_asks_where_and_for_what(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world, fetch_pages=False) as life:
        await life.says(f"/connect {CHANNEL_ID}")
        await world.api.wait_for(lambda m: m.text == "What next?")
        card = await life.says("/sub")
        assert [text for text, _ in card.buttons] == ["Here", "Channel"]
        since = len(world.api.journal)
        await life.presses(card, "Channel")
        await world.api.wait_for(lambda m: "What shall I watch for Channel?" in m.text, since=since)
        await life.says(feed.url)
        await life.until(lambda: life.rows("SELECT chat_id FROM subscriptions") == [(CHANNEL_ID,)])


async def test_post_alone_asks_where_and_for_what(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, fetch_pages=False) as life:
        await life.says(f"/connect {CHANNEL_ID}")
        await world.api.wait_for(lambda m: m.text == "What next?")
        card = await life.says("/post")
        since = len(world.api.journal)
        await life.presses(card, "Channel")
        await world.api.wait_for(lambda m: "What shall I post in Channel?" in m.text, since=since)
        assert "Write it like" in (await life.says("no link")).text
        assert (await life.says(LINK)).text == "Queued."
        await life.until(lambda: life.rows("SELECT chat_id FROM queue") == [(CHANNEL_ID,)])


async def test_in_a_group_editors_are_asked_in_private(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", title="Group"))
    for user in (EDITOR, VIEWER):
        world.api.people.private(user)
    async with start(world) as life:
        await life.says("/start")
        give_roles(world)
        assert "may not" in (await life.says("/add", user_id=VIEWER, chat_id=GROUP)).text
        card = await life.says("/add", user_id=EDITOR, chat_id=GROUP)
        assert "may not" in await life.presses(card, "Ask me in private", user_id=VIEWER)
        since = len(world.api.journal)
        await life.presses(card, "Ask me in private", user_id=EDITOR)
        asked = await world.api.wait_for(lambda m: "What shall I watch" in m.text, since=since)
        assert asked.chat_id == EDITOR
