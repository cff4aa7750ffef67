"""The chat, through the real Dispatcher: owners, strangers, every command and alias."""

from functools import partial

import pytest
import trio
from trio.testing import MockClock

from core import VERSION
from core.commands import COMMANDS
from simulation.botapi import Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Start

STRANGER = 2002


def _more_answers(world: World, before: int) -> bool:
    return len(world.api.callback_answers) > before


async def test_stranger_is_told_politely_that_the_bot_is_private(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.people.private(STRANGER)
    async with start(world) as life:
        for text in ("/start", "/add https://a.example/feed", "/list", "hello", "/start wrong-code"):
            answer = await life.says(text, user_id=STRANGER)
            assert "private" in answer.text
        assert life.rows("SELECT COUNT(*) FROM subscriptions") == [(0,)]


async def test_strangers_in_groups_get_no_answer_and_no_effect(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    group = world.api.chats.add(Chat(chat_id=-500, kind="group", members={STRANGER: "member"}))
    async with start(world) as life:
        world.api.user_says(group.chat_id, STRANGER, "/add https://a.example/feed")
        await trio.sleep(30)
        assert world.api.messages(group.chat_id) == []
        assert life.rows("SELECT COUNT(*) FROM subscriptions") == [(0,)]


async def test_claim_link_makes_the_first_one_owner_and_works_once(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.people.private(STRANGER)
    async with start(world, owner_ids=()) as life:
        await life.until(lambda: bool(world.announced))
        code = world.announced[0].partition("?start=")[2].split()[0]
        assert "Hello" in (await life.says(f"/start {code}")).text
        assert "private" in (await life.says(f"/start {code}", user_id=STRANGER)).text
        assert "Sources: 0" in (await life.says("/stats")).text
    async with start(world, owner_ids=()) as life:
        await trio.sleep(10)
        assert len(world.announced) == 1, "an owned bot offers no claim"
        assert "Sources: 0" in (await life.says("/stats")).text


async def test_claim_code_stays_the_same_until_it_is_used(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    for _ in range(2):
        async with start(world, owner_ids=()) as life:
            await life.until(lambda: bool(world.announced))
            await trio.sleep(5)
    assert len(world.announced) == 2
    assert world.announced[0] == world.announced[1]


@pytest.mark.parametrize("name", [name for command in COMMANDS for name in command.names])
async def test_every_command_and_alias_answers(
    autojump_clock: MockClock, world: World, start: Start, name: str
) -> None:
    async with start(world) as life:
        answer = await life.says(f"/{name}")
        assert answer.text
        assert "did not understand" not in answer.text
        assert "wrong here" not in answer.text


async def test_help_tells_of_every_command_and_of_one(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        everything = (await life.says("/help")).text
        assert all(command.usage in everything for command in COMMANDS)
        assert "/subscribe" in (await life.says("/help add")).text
        assert "no command" in (await life.says("/help nonsense")).text
        assert f"Vestnik {VERSION}" in (await life.says("/version")).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/hepl", "Did you mean /help?"),
        ("/Lsit @somewhere 3", "Did you mean /list?"),
        ("/subscrib https://a.example/feed", "Did you mean /subscribe?"),
        ("/xyzzy", "did not understand"),
        ("/", "did not understand"),
        ("help me", "did not understand"),
    ],
)
async def test_a_command_that_is_mistyped_is_guessed(
    autojump_clock: MockClock, world: World, start: Start, typed: str, told: str
) -> None:
    async with start(world) as life:
        assert told in (await life.says(typed)).text


async def test_list_and_remove_by_number_and_address(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    one, two = world.feed("one"), world.feed("two")
    async with start(world) as life:
        await life.says(f"/sub {one.url} {two.url} backlog=none as=feed")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 2)
        await trio.sleep(5)
        listed = (await life.says("/rss")).text
        assert "1. One & friends" in listed
        assert "2. Two & friends" in listed
        assert "Removed:\nNo. 1 One" in (await life.says("/unsub 1")).text
        assert "No. 2 Two" in (await life.says(f"/remove {two.url}")).text
        assert "Nothing is watched" in (await life.says("/list")).text
        await life.says(f"/add {one.url}")
        await trio.sleep(5)
        assert "1. One" in (await life.says("/list")).text, "a source comes back under its number"
        requests = len(world.web.requests)
        assert "Removed" in (await life.says("/remove all yes")).text
        await trio.sleep(300)
        assert len(world.web.requests) == requests, "an idle source is not asked"


async def test_remove_all_wants_a_word_and_unknown_names_are_said(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("one")
    async with start(world) as life:
        await life.says(f"/add {feed.url}")
        await trio.sleep(5)
        assert "/remove all yes" in (await life.says("/unsub_all")).text
        told = (await life.says(f"/remove {CHANNEL_ID} all")).text
        assert f"/remove {CHANNEL_ID} all yes" in told, "what is said to be typed means the same chat"
        assert "/list shows" in (await life.says("/remove 9")).text
        assert life.rows("SELECT state FROM subscriptions") == [("active",)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("ftp://a.example/x", "only http and https"),
        ("https://a.example/f every=1x", "no duration"),
        ("https://a.example/f every=0s", "INTERVAL_MIN"),
        ("https://a.example/f backlog=some", "no backlog"),
        ("https://a.example/f as=carrier-pigeon", "I can read"),
        ("nonsense", "not a web address"),
        ("@nobodyhere https://a.example/f", "cannot see the chat"),
    ],
)
async def test_wrong_input_gets_one_clear_answer(
    autojump_clock: MockClock, world: World, start: Start, words: str, told: str
) -> None:
    async with start(world) as life:
        assert told in (await life.says(f"/add {words}")).text
        assert life.rows("SELECT COUNT(*) FROM subscriptions") == [(0,)]


async def test_adding_twice_says_so_and_watches_once(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("one")
    async with start(world) as life:
        await life.says(f"/add {feed.url} backlog=none")
        await trio.sleep(5)
        assert "watched here already" in (await life.says(f"/add {feed.url} every=2m")).text
        assert life.rows("SELECT COUNT(*), MAX(interval_s) FROM subscriptions") == [(1, 120.0)]


async def test_a_broken_feed_is_told_and_marked(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        answer = await life.says("/add https://nowhere.example/feed.xml")
        await world.api.until(lambda: "No. 1" in answer.text)
        assert "it answered 404" in answer.text
        assert "/remove 1" in answer.text
        listed = (await life.says("/list errors")).text
        assert "it answered 404" in listed


async def test_command_repeated_after_a_crash_changes_nothing(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("one")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url}")
        await trio.sleep(5)
        # The same update again, as after a crash before it was confirmed.
        await life.says(f"/add {CHANNEL_ID} {feed.url}")
        assert life.rows("SELECT COUNT(*) FROM subscriptions") == [(1,)]
        assert life.rows("SELECT COUNT(*) FROM sources") == [(1,)]


async def test_forged_and_stale_presses_are_answered_and_change_nothing(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("one")
    world.api.people.private(STRANGER)
    async with start(world) as life:
        card = await life.says(f"/add {CHANNEL_ID} {feed.url}")
        await world.api.until(lambda: "No. 1" in card.text)
        for user, data in (
            (STRANGER, "new:1"),
            (OWNER_ID, "new:99"),
            (OWNER_ID, "unc:1:sent"),
            (OWNER_ID, "zzz"),
        ):
            before = len(world.api.callback_answers)
            world.api.press(OWNER_ID, user, card.message_id, data)
            await world.api.until(partial(_more_answers, world, before))
        await trio.sleep(20)
        assert world.links(CHANNEL_ID) == []


async def test_words_that_are_no_command_get_a_hint(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        assert "/add https://a.example/feed" in (await life.says("https://a.example/feed")).text
        assert "/help" in (await life.says("what?")).text


async def test_group_that_names_the_bot_is_understood_in_its_topic(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    feed = world.feed("one")
    forum = world.api.chats.add(
        Chat(
            chat_id=-1002, kind="supergroup", is_forum=True, topics={7: "open"}, members={OWNER_ID: "member"}
        )
    )
    async with start(world) as life:
        world.api.user_says(forum.chat_id, OWNER_ID, f"/add@vestnik_bot {feed.url} backlog=1", topic_id=7)
        world.api.user_says(forum.chat_id, OWNER_ID, f"/add@other_bot {feed.url}", topic_id=7)
        await life.until(lambda: feed.entries[-1].link in world.links(forum.chat_id))
        assert {message.topic_id for message in world.api.messages(forum.chat_id)} == {7}
        assert life.rows("SELECT topic_id FROM subscriptions") == [(7,)]


async def test_handler_that_fails_unexpectedly_says_so_and_the_bot_goes_on(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        await life.says("/start")
        trouble = life.rows  # the database is fine; break a table from outside for one command
        import sqlite3

        db = sqlite3.connect(world.database)
        db.execute("ALTER TABLE verdicts RENAME TO verdicts_elsewhere")
        db.commit()
        assert "Something went wrong" in (await life.says("/stats")).text
        db.execute("ALTER TABLE verdicts_elsewhere RENAME TO verdicts")
        db.commit()
        db.close()
        assert "Sources" in (await life.says("/stats")).text
        assert trouble("SELECT 1") == [(1,)]
