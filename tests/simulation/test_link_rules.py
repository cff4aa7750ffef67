"""Rules for links: the chat gets what they say, history what was given."""

from trio.testing import MockClock

from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Start
from tests.simulation.test_pages import watching


async def test_links_get_what_the_chat_asks_for(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("shop")
    async with start(world) as life:
        await watching(life, feed.url)
        answer = await life.says(f"/link {CHANNEL_ID} add {feed.base.partition('://')[2]} partner=42")
        assert "1. add" in answer.text
        [link] = world.web.publish("shop")
        await life.posted([f"{link}?partner=42"])
        assert life.rows("SELECT url FROM history WHERE state = 'ready' AND url = ?", link) == [(link,)]
        await life.says(f"/link {CHANNEL_ID} off")
        [other] = world.web.publish("shop")
        await life.posted([f"{link}?partner=42", other])
    check(world)


async def test_a_link_without_its_token_is_held_until_there_is_one(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("shop")
    host = feed.base.partition("://")[2]
    async with start(world) as life:
        await watching(life, feed.url)
        await life.says(f"/link {CHANNEL_ID} require erid {host}")
        first, second = world.web.publish("shop", 2)
        await life.until(lambda: any("an erid" in m.text for m in world.api.messages(OWNER_ID)))
        await life.until(lambda: life.rows("SELECT state, reason FROM queue") == [("held", "no_erid")] * 2)
        assert sum("are held" in m.text for m in world.api.messages(OWNER_ID)) == 1
        marked = world.web.publish("shop", link=f"{feed.base}/own?erid=2Vt")
        await life.posted(marked)
        await life.says(f"/link {CHANNEL_ID} add {host} erid=2Vfn")
        await life.posted([*marked, f"{first}?erid=2Vfn", f"{second}?erid=2Vfn"])
        assert life.rows("SELECT erid FROM queue WHERE erid IS NOT NULL ORDER BY post_id") == [
            ("2Vt",), ("2Vfn",), ("2Vfn",)
        ]  # fmt: skip
    check(world)


async def test_only_editors_of_a_chat_change_its_rules(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.people.private(77)
    async with start(world) as life:
        answer = await life.says(f"/link {CHANNEL_ID} ad Buy this", user_id=77)
        assert "private" in answer.text
        answer = await life.says(f"/link {CHANNEL_ID} frob")
        assert "add HOST param=value" in answer.text
        assert life.rows("SELECT COUNT(*) FROM chats WHERE link_rules <> '{}'") == [(0,)]


async def test_the_mark_of_a_chat_and_the_token_stand_under_its_posts(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("shop")
    async with start(world) as life:
        await watching(life, feed.url)
        await life.says(f"/link {CHANNEL_ID} ad Advertisement. Shop Ltd")
        await life.posted(world.web.publish("shop", link=f"{feed.base}/own?erid=2Vt"))
        assert world.posts(CHANNEL_ID)[-1].text.endswith("Advertisement. Shop Ltd · erid: 2Vt")
    check(world)
