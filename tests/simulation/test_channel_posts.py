"""Commands that somebody posts in a channel: deleted, never obeyed, and owners hear of it."""

import logging

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat
from simulation.botapi.faults import Fault
from simulation.evidence import listening
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.every_command import dump
from tests.simulation.roles import STRANGER
from tests.simulation.running import Check, Life, Start

_UNKNOWN = -1001000000009
_HOUR_S = 3_600
_OTHERS = ("/list@other_bot", "/weather today", "Read /list", "/", "//list", "/ list", "/@vestnik_bot")
_DAILY = "every=1d as=feed backlog=none"


async def _posts(life: Life, text: str, chat_id: int = CHANNEL_ID) -> Accepted:
    """Let somebody post in a channel, and wait until the bot has done with it."""
    life.world.api.user_says(chat_id, STRANGER, text)
    post = life.world.api.cloud.journal.everything(chat_id)[-1]
    await life.until(lambda: life.world.api.updates.pending == 0)
    await trio.sleep(5)
    return post


def _notes(world: World) -> list[str]:
    return [one.text for one in world.api.messages(OWNER_ID) if "where everybody can read it" in one.text]


async def _begin(life: Life) -> None:
    await life.says(f"/add {CHANNEL_ID} {life.world.feed('news').url} {_DAILY}")
    await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
    await trio.sleep(10)


async def test_a_command_in_a_channel_is_deleted_and_owners_are_told_once_an_hour(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    world.api.chats[CHANNEL_ID].username = "newsroom"
    async with start(world) as life:
        await _begin(life)
        for text in ("/remove 1", "/PAUSE@Vestnik_Bot 1", "/rss"):
            assert (await _posts(life, text)).deleted
        assert life.rows("SELECT state FROM subscriptions") == [("active",)]
        assert len(_notes(world)) == 1
        assert "/remove in Channel" in _notes(world)[0]
        assert "it is: /remove @newsroom …" in _notes(world)[0]
        await trio.sleep(_HOUR_S)
        await _posts(life, "/why https://news.example/1")
        assert len(_notes(world)) == 2
        assert "it is: /why …" in _notes(world)[1]
        assert world.links(CHANNEL_ID) == []
    check(world)


async def test_what_may_not_be_deleted_is_said_to_the_owner(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        await _begin(life)
        said = "Bad Request: message can't be deleted"
        world.api.faults.add(Fault(what="error", method="deleteMessage", status=400, description=said))
        assert not (await _posts(life, "/list")).deleted
        assert ["please delete it yourself" in text for text in _notes(world)] == [True]


async def test_what_is_no_command_of_ours_is_left_alone_and_leaves_no_trace(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.chats.add(Chat(chat_id=_UNKNOWN, kind="channel", title="Unknown"))
    async with start(world) as life:
        await _begin(life)
        before, asked = dump(world), len(world.api.calls)
        with listening() as heard:
            for text in _OTHERS:
                assert not (await _posts(life, text)).deleted, text
            assert not (await _posts(life, "/list", _UNKNOWN)).deleted
        assert dump(world) == before
        assert [call for call in world.api.calls[asked:] if call[1] != "getupdates"] == []
        assert [line for level, line in heard.lines if level >= logging.INFO] == []


async def test_a_flood_wait_of_the_channel_is_obeyed(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _begin(life)
        flood = Fault(what="flood", method="deleteMessage", chat_id=CHANNEL_ID, retry_after_s=7)
        world.api.faults.add(flood)
        post = await _posts(life, "/list")
        await life.until(lambda: post.deleted)
        await life.until(lambda: len(_notes(world)) == 1)
        assert "I have deleted it" in _notes(world)[0]
    check(world)


async def test_own_posts_that_look_like_commands_come_to_nobody_and_stay(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {world.feed('news').url} every=30s as=feed backlog=none")
        await life.until(lambda: bool(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")))
        links = world.web.publish("news", title="/remove all")
        await life.posted(links)
        [post] = world.posts(CHANNEL_ID)
        assert post.text.startswith("/remove all")
        assert not post.deleted
        assert _notes(world) == []
    check(world)
