"""Panels of what is watched: from the list to a card and back, what each button does, and for whom."""

import pytest
from trio.testing import MockClock

from simulation.botapi import Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, STRANGER, VIEWER, give_roles
from tests.simulation.running import Check, Start

_STATE = "SELECT number, state FROM subscriptions ORDER BY number"


async def test_from_the_list_to_a_card_and_back(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feeds = [world.feed(name, gap_s=None) for name in ("one", "two")]
    async with start(world) as life:
        for feed in feeds:
            await life.says(f"/add {CHANNEL_ID} {feed.url} as=feed every=1h")
        await life.until(lambda: life.rows("SELECT MIN(last_ok_ms) IS NOT NULL FROM sources") == [(1,)])
        card = await life.says(f"/list {CHANNEL_ID}")
        whole = card.text
        assert [label for label, _ in card.buttons] == ["1", "2"]
        await life.presses(card, "2")
        assert feeds[1].url in card.text
        assert await life.presses(card, "Pause") == "It pauses."
        assert life.rows(_STATE) == [(1, "active"), (2, "paused")]
        assert "pauses" in card.text
        assert await life.presses(card, "Check now") == "It pauses, or is gone."
        assert await life.presses(card, "Resume") == "It goes on."
        assert life.rows(_STATE) == [(1, "active"), (2, "active")]
        assert await life.presses(card, "Check now") == "I look at it now."
        since = len(world.api.journal)
        assert await life.presses(card, "Test") == "Shown to you in private."
        assert world.api.journal[since].chat_id == OWNER_ID
        await life.presses(card, "Set")
        assert await life.presses(card, "silent: yes") == "silent=yes"
        assert "silent: yes" in card.text
        assert await life.presses(card, "15m") == "every=15m"
        assert life.rows("SELECT silent, interval_s FROM subscriptions WHERE number = 2") == [(1, 900.0)]
        assert await life.presses(card, "default") == "every=default"
        await life.presses(card, "Back")
        await life.presses(card, "Remove")
        await life.presses(card, "Back")
        assert life.rows(_STATE) == [(1, "active"), (2, "active")], "asked first"
        await life.presses(card, "Remove")
        assert await life.presses(card, "Remove") == "Removed."
        assert "Removed:\nNo. 2" in card.text
        await life.presses(card, "Back")
        assert [label for label, _ in card.buttons] == ["1"]
        await life.presses(card, "1")
        await life.presses(card, "Back")
        assert card.text.splitlines()[0].startswith(whole.splitlines()[0].partition(" · ")[0])
    check(world)


@pytest.mark.parametrize(
    ("command", "label", "told"),
    [
        ("/pause", "⏸ 1", "pauses"),
        ("/set", "1", "every: "),
        ("/remove", "✖️ 1", "Stop watching No. 1"),
        ("/info", "1", "Watched here as No. 1"),
        ("/test", "1", "Watched here as No. 1"),
    ],
    ids=["pause", "set", "remove", "info", "test"],
)
async def test_a_command_without_arguments_opens_buttons(
    autojump_clock: MockClock, world: World, start: Start, command: str, label: str, told: str
) -> None:
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {world.feed('one').url} as=feed")
        await life.until(lambda: life.rows("SELECT MIN(last_ok_ms) IS NOT NULL FROM sources") == [(1,)])
        card = await life.says(f"{command} {CHANNEL_ID}")
        await life.presses(card, label)
        assert told in card.text
        if command == "/pause":
            card = await life.says(f"/resume {CHANNEL_ID}")
            await life.presses(card, "▶️ 1")
            assert life.rows(_STATE) == [(1, "active")]


async def test_many_sources_are_turned_page_by_page_and_presses_are_checked(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", title="Group"))
    for user in (EDITOR, VIEWER, STRANGER):
        world.api.people.private(user)
    urls = "\n".join(world.feed(f"f{number}").url for number in range(30))
    async with start(world) as life:
        await life.says("/version")
        give_roles(world)
        world.api.people.sends_file(OWNER_ID, OWNER_ID, "l.txt", urls.encode(), caption=f"/import {GROUP}")
        await life.until(lambda: life.rows("SELECT COUNT(*) FROM subscriptions") == [(30,)])
        card = await life.says(f"/list {GROUP}")
        labels = [label for label, _ in card.buttons]
        for _ in range(2):
            await life.presses(card, "→")
            labels += [label for label, _ in card.buttons]
        assert {label for label in labels if label.isdecimal()} == {str(number) for number in range(1, 31)}
        api = world.api
        mine = await life.says(f"/list {GROUP}", user_id=VIEWER)
        for user, data, told in (
            (VIEWER, f"src:pause:{GROUP}:1:0", "may not"),
            (VIEWER, f"src:put:{GROUP}:1:0:silent=yes", "may not"),
            (VIEWER, f"src:list:{CHANNEL_ID}:card:all:0", "may not"),
            (VIEWER, f"src:card:{GROUP}:1:0", ""),
            (STRANGER, f"src:card:{GROUP}:1:0", "private"),
            (OWNER_ID, f"src:card:{GROUP}:99:0", "number 99 any more"),
            (OWNER_ID, f"src:put:{GROUP}:1:0:every=x", "every"),
            (OWNER_ID, f"src:put:{GROUP}:1:0:proxy=x", "too old"),
        ):
            before = len(api.callback_answers)
            api.press(mine.chat_id, user, mine.message_id, data)
            await life.until(lambda n=before: len(api.callback_answers) > n)  # type: ignore[misc]
            assert told in str(api.callback_answers[-1]["text"]), data
        assert life.rows("SELECT DISTINCT state, silent FROM subscriptions") == [("active", 0)]
