"""What is not for everybody in a group is told in private, or not at all."""

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted
from simulation.world import OWNER_ID, World
from tests.simulation.every_command import (
    ADMINISTRATOR,
    CALM,
    OTHER_GROUP,
    PATIENCE_S,
    answers,
    settle_in,
)
from tests.simulation.roles import EDITOR, GROUP, VIEWER, write
from tests.simulation.running import Life, Start

_SECRET = "s3cret-key"
_NEWCOMER = 2011
"""Somebody who may look at the group, and has never written to the bot."""
_FIRST = "Write to me first, then ask again: https://t.me/vestnik_bot?start=hello"
_SUBSCRIPTIONS = "SELECT id, state FROM subscriptions"
_PRIMED = "SELECT COUNT(*) FROM subscriptions WHERE primed_ms > 0"
_NAMELESS = "I answer that in private only, and you write without a name here."
_ELSEWHERE = (
    *("/list {other}", "/list {other} errors", "/info {other} 1", "/info {other} 77", "/queue {other}"),
    *("/history {other}", "/export {other}", "/export {other} history", "/set {other} 1", "/set {other}"),
    *("/filter {other}", "/schedule {other}", "/template {other}", "/link {other}", "/tz {other}"),
    *("/test {other} 1", "/connect {other}", "/add {other} {url}", "/post https://hand.example/2 {other}"),
)
"""What somebody may ask in a group about another chat."""
_HERE = ("/find one", "/why {link}", "/history", "/export history", "/duplicates", "/role")
"""What is about the group itself, but nothing that others there need to read."""


async def _settle(life: Life) -> None:
    """Let a group watch a feed whose address is a key, beside what is there in every such test."""
    await settle_in(life, "en")
    url = life.world.feed("foreign").url
    await life.says(f"/add {OTHER_GROUP} {url}?key={_SECRET} as=feed backlog=none")
    await life.until(lambda: life.rows(_PRIMED) == [(3,)])
    await trio.sleep(10)


async def _ask(
    life: Life, words: str, *, user_id: int, anonymous: bool = False
) -> tuple[list[Accepted], list[Accepted]]:
    """Say something in the group; return what the bot says there, and what it says in private."""
    world, since = life.world, len(life.world.api.journal)
    link, url = world.links(GROUP)[0], world.web["foreign"].url
    text = words.format(other=OTHER_GROUP, link=link, url=url)
    world.api.user_says(GROUP, user_id, text, anonymous=anonymous)
    said = await answers(life, GROUP, user_id, since)
    await trio.sleep(0 if user_id == OWNER_ID else PATIENCE_S)
    return [one for one in said if one.chat_id == GROUP], [one for one in said if one.chat_id == user_id]


async def test_what_is_asked_in_a_group_about_another_chat_is_told_in_private(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, **CALM) as life:
        await _settle(life)
        for words in (*_ELSEWHERE, *_HERE):
            here, private = await _ask(life, words, user_id=OWNER_ID)
            assert [one.text for one in here] == [], words
            assert private, words
            assert all(_SECRET not in one.text for one in private), words


async def test_who_never_wrote_to_the_bot_is_told_to_do_so_and_nothing_else(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, **CALM) as life:
        await _settle(life)
        write(world, "INSERT INTO users (id) VALUES (?)", _NEWCOMER)
        for chat in (GROUP, OTHER_GROUP):
            write(world, "INSERT INTO members VALUES (?, ?, 'editor')", chat, _NEWCOMER)
        before = life.rows(_SUBSCRIPTIONS)
        asked = ("/pause {other} 1", "/list {other}", *_HERE[:4])
        for words in asked:
            here, private = await _ask(life, words, user_id=_NEWCOMER)
            assert ([one.text for one in here], private) == ([_FIRST], []), words
        world.api.people.set_bot_status(EDITOR, EDITOR, "kicked")
        here, private = await _ask(life, "/history", user_id=EDITOR)
        assert ([one.text for one in here], private) == ([_FIRST], [])
        here, _private = await _ask(life, "/export history", user_id=ADMINISTRATOR, anonymous=True)
        assert [one.text for one in here] == [_NAMELESS]
        assert life.rows(_SUBSCRIPTIONS) == before


async def test_a_file_that_is_chosen_in_a_group_comes_in_private(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, **CALM) as life:
        await _settle(life)
        write(world, "INSERT INTO users (id) VALUES (?)", _NEWCOMER)
        write(world, "INSERT INTO members VALUES (?, ?, 'editor')", GROUP, _NEWCOMER)
        here, private = await _ask(life, "/export", user_id=EDITOR)
        assert (len(here), private) == (1, [])
        since = len(world.api.journal)
        assert await life.presses(here[0], "What is watched", user_id=EDITOR) == ""
        assert [(one.chat_id, one.method) for one in world.api.journal[since:]] == [(EDITOR, "sendDocument")]
        since = len(world.api.journal)
        assert await life.presses(here[0], "What is watched", user_id=_NEWCOMER) == _FIRST
        assert (
            await life.presses(here[0], "What was published", user_id=VIEWER) == "You may not do that there."
        )
        assert len(world.api.journal) == since


async def test_a_group_is_shown_only_what_is_its_own(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, **CALM) as life:
        await _settle(life)
        await life.says(f"/add {GROUP} {world.feed('own').url}?key={_SECRET} as=feed backlog=none")
        await life.until(lambda: life.rows(_PRIMED) == [(4,)])
        for user in (OWNER_ID, EDITOR, VIEWER):
            for words in ("/list", "/info 2", "/info", "/stats", "/queue"):
                here, private = await _ask(life, words, user_id=user)
                assert not private, words
                assert here, words
                for text in (one.text for one in here):
                    for foreign in (_SECRET, "foreign", "other", "Database", "chats:", "Links:"):
                        assert foreign not in text, f"{words}: {text}"
        assert "Subscriptions: 2 (paused: 0)" in (await life.says("/stats", chat_id=GROUP)).text
        own = (await life.says("/stats", user_id=VIEWER)).text
        assert "Subscriptions: 2 (paused: 0)" in own
        assert "Posted: 1 in a day" in own
        assert "Database" not in own
        assert "Subscriptions: 4 (chats: 2, paused: 0)" in (await life.says("/stats")).text


async def test_a_card_has_the_buttons_that_who_opened_it_may_press(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, **CALM) as life:
        await _settle(life)
        for user, labels in ((VIEWER, []), (EDITOR, ["Pause", "Check now", "Test", "Set…", "Remove"])):
            for chat in (user, GROUP):
                at = "" if chat == GROUP else str(GROUP)
                card = await life.says(f"/list {at}", user_id=user, chat_id=chat)
                await life.presses(card, "1", user_id=user)
                assert [label for label, _data in card.buttons] == [*labels, "Back"]
                await trio.sleep(PATIENCE_S)
