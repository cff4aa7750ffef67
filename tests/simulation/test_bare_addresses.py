"""Addresses without a command, and what a chat's new subscriptions begin with."""

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Accepted
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, give_roles
from tests.simulation.running import Life, Start

LINK = "https://links.example/story"


async def _press(life: Life, question: Accepted, text: str, user_id: int = OWNER_ID) -> None:
    data = dict(question.buttons)[text]
    before = len(life.world.api.callback_answers)
    life.world.api.press(OWNER_ID, user_id, question.message_id, data)
    await life.until(lambda: len(life.world.api.callback_answers) > before)


async def test_it_is_asked_about_and_done_as_chosen(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world, fetch_pages=False) as life:
        question = await life.says(feed.url)
        assert f"/add {feed.url}" in question.text
        assert life.rows("SELECT COUNT(*) FROM subscriptions") == [(0,)]
        await _press(life, question, "Watch for new posts")
        await life.until(lambda: life.rows("SELECT url FROM sources") == [(feed.url,)])
        await life.until(lambda: question.buttons == [])
        question = await life.says(LINK)
        await _press(life, question, "Publish this link", EDITOR)
        assert life.rows("SELECT 1 FROM history WHERE url = ?", LINK) == []
        await _press(life, question, "Publish this link")
        await life.until(lambda: [LINK] in [message.links for message in world.posts(OWNER_ID)])


async def test_it_can_be_for_a_chat_that_its_sender_manages(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("news")
    async with start(world, fetch_pages=False) as life:
        await life.says(f"/connect {CHANNEL_ID}")
        await world.api.wait_for(lambda m: m.text == "What next?")
        question = await life.says(feed.url)
        await _press(life, question, "Watch for Channel")
        watched = "SELECT chat_id FROM subscriptions"
        await life.until(lambda: life.rows(watched) == [(CHANNEL_ID,)])
        question = await life.says(LINK)
        await _press(life, question, "Publish in Channel", EDITOR)
        assert life.rows("SELECT 1 FROM history WHERE url = ?", LINK) == []
        await _press(life, question, "Publish in Channel")
        await life.until(lambda: world.links(CHANNEL_ID) == [LINK])


@pytest.mark.parametrize(
    ("wanted", "sql"),
    [("watch", "SELECT url FROM sources"), ("post", "SELECT url FROM history WHERE url LIKE '%/feed.xml'")],
)
async def test_what_is_remembered_is_not_asked(
    autojump_clock: MockClock, world: World, start: Start, wanted: str, sql: str
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        assert f"bare: {wanted}" in (await life.says(f"/set bare={wanted}")).text
        answer = await life.says(feed.url)
        await life.until(lambda: life.rows(sql) == [(feed.url,)])
        assert answer.buttons == []


async def test_new_subscriptions_begin_as_their_chat_says(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    one, two = world.feed("one").url, world.feed("two").url
    world.api.people.private(EDITOR)
    async with start(world) as life:
        told = (await life.says(f"/set {CHANNEL_ID} every=30m silent=yes preview=no media=no backlog=1")).text
        assert "every: 30m\nbacklog: 1\nsilent: yes\npreview: no\nmedia: no" in told
        await life.says(f"/add {CHANNEL_ID} {one} as=feed")
        await life.says(f"/set {CHANNEL_ID} silent=default")
        await life.says(f"/add {CHANNEL_ID} {two} as=feed every=1h backlog=none")
        await trio.sleep(10)
        rows = life.rows(
            "SELECT interval_s, silent, preview, media, backlog FROM subscriptions ORDER BY number"
        )
        assert rows == [(1800.0, 1, 0, 0, "1"), (3600.0, 0, 0, 0, "none")]
        assert "already" in (await life.says(f"/set {CHANNEL_ID} once=topic")).text
        assert "once: topic" in (await life.says("/set once=topic")).text
        wrong = {"bare=x": "ask, watch", "title=x": "whole chat", "every=0s": "INTERVAL_MIN"}
        for words, problem in wrong.items():
            assert problem in (await life.says(f"/set {words}")).text
        give_roles(world)
        assert "may not" in (await life.says("/set bare=post", user_id=EDITOR)).text
        assert "private" in (await life.says(one, user_id=EDITOR)).text
