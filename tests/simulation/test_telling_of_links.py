"""/find, /why and /history: what is told, to whom, and where."""

import trio
from trio.testing import MockClock

from simulation.botapi import Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start

VIEWER, STRANGER, SHY = 2002, 3003, 4004
GROUP_ID = -500


def _let_look(world: World, user_id: int, chat_id: int) -> None:
    import sqlite3

    db = sqlite3.connect(world.database)
    db.execute("INSERT OR IGNORE INTO users (id) VALUES (?)", (user_id,))
    db.execute("INSERT INTO members (chat_id, user_id, role) VALUES (?, ?, 'viewer')", (chat_id, user_id))
    db.commit()
    db.close()


async def _watch(life: Life, chat_id: int, url: str) -> None:
    where = chat_id if chat_id < 0 else ""
    await life.says(f"/add {where} {url} every=20s as=feed")
    primed = "SELECT 1 FROM subscriptions WHERE chat_id = ? AND primed_ms > 0"
    await life.until(lambda: bool(life.rows(primed, chat_id)))


async def test_find_shows_what_one_may_see_page_by_page(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed, secret = world.feed("news"), world.feed("secret")
    world.api.people.private(VIEWER)
    async with start(world, flood_brake=0) as life:
        await _watch(life, CHANNEL_ID, feed.url)
        await _watch(life, OWNER_ID, secret.url)
        _let_look(world, VIEWER, CHANNEL_ID)
        for number in range(12):
            world.web.publish("news", title=f"Elephants {number}")
        world.web.publish("secret", title="Elephants of mine")
        await life.until(lambda: len(world.links(CHANNEL_ID)) == 12)
        await trio.sleep(60)
        answer = await life.says("/find ELEPHANTS", user_id=VIEWER)
        assert "Elephants 11" in answer.text
        assert "Elephants 2" in answer.text
        assert "Elephants 1 (" not in answer.text
        assert "mine" not in answer.text
        [(text, data)] = answer.buttons
        assert text == "Older"
        world.api.press(VIEWER, VIEWER, answer.message_id, data)
        await world.api.until(lambda: answer.edited)
        assert "Elephants 1 (" in answer.text
        assert answer.buttons == []
        assert "of mine" in (await life.says("/find elephants mine")).text
        for hostile in ('"', '" OR 1 NEAR(', "elephants NOT (", "\x00", "x" * 4000, "*"):
            answer = await life.says(f"/find {hostile}")
            assert "wrong here" not in answer.text
        assert "private" in (await life.says("/find elephants", user_id=STRANGER)).text


async def test_a_group_is_answered_in_private(autojump_clock: MockClock, world: World, start: Start) -> None:
    feed = world.feed("news")
    members = dict.fromkeys((VIEWER, STRANGER, SHY), "member")
    group = world.api.chats.add(Chat(chat_id=GROUP_ID, kind="group", members=members))  # type: ignore[arg-type]
    world.api.people.private(VIEWER)
    async with start(world) as life:
        await _watch(life, GROUP_ID, feed.url)
        [link] = world.web.publish("news", title="Elephants")
        await life.posted([link], chat_id=GROUP_ID)
        _let_look(world, VIEWER, GROUP_ID)
        before = len(world.api.messages(GROUP_ID))
        [post] = world.posts(GROUP_ID)
        world.api.people.user_says(GROUP_ID, VIEWER, "/why", reply_to=post.message_id)
        world.api.user_says(GROUP_ID, VIEWER, "/history")
        world.api.user_says(GROUP_ID, STRANGER, f"/why {link}")
        await life.until(lambda: len(world.api.messages(VIEWER)) == 2)
        why, history = world.api.messages(VIEWER)
        assert f"as message {post.message_id}" in why.text
        assert history.links == [link]
        await trio.sleep(30)
        assert len(world.api.messages(group.chat_id)) == before, "strangers are not served"
        _let_look(world, SHY, GROUP_ID)
        answer = await life.says("/find elephants", user_id=SHY, chat_id=GROUP_ID)
        assert answer.text.startswith("Write to me first")
        assert link not in answer.links
        assert "Elephants" not in answer.text


async def test_why_tells_the_life_of_a_link(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news")
    world.api.people.private(VIEWER)
    async with start(world) as life:
        await _watch(life, CHANNEL_ID, feed.url)
        [link] = world.web.publish("news", title="Elephants")
        await life.posted([link])
        short = world.web.shorten(link)
        for words in (link, f"{link}?utm_source=x"):
            answer = (await life.says(f"/why {words}")).text
            assert answer.startswith("Elephants\n")
            assert "Shown by News & friends" in answer
            assert "wanted: No. 1 of" in answer
            assert "as message" in answer
        assert "I know nothing of it" in (await life.says(f"/why {short}")).text
        before = len(world.api.journal)
        world.api.people.forwards(OWNER_ID, OWNER_ID, world.posts(CHANNEL_ID)[0])
        await life.until(lambda: len(world.api.journal) > before)
        assert "Elephants" in world.api.journal[-1].text
        assert "I know nothing" in (await life.says(f"/why {feed.entries[0].link}x")).text
        _let_look(world, VIEWER, OWNER_ID)
        assert "I know nothing" in (await life.says(f"/why {link}", user_id=VIEWER)).text
        assert "Say which link" in (await life.says("/why")).text
    check(world)
