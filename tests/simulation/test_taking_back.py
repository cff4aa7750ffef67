"""What was removed by mistake is taken back by a button, and nothing that came meanwhile is missed."""

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat
from simulation.world import CHANNEL_ID, World
from tests.simulation.roles import EDITOR, GROUP, STRANGER, VIEWER, give_roles
from tests.simulation.running import Check, Life, Start

_STATE = "SELECT number, state FROM subscriptions ORDER BY number"
_PRIMED = "SELECT COUNT(*) FROM subscriptions WHERE primed_ms IS NOT NULL"


async def _watched(life: Life, chat_id: int, *names: str) -> None:
    urls = " ".join(life.world.feed(name, gap_s=None).url for name in names)
    await life.says(f"/add {chat_id} {urls} as=feed every=60s backlog=none")
    await life.until(lambda: life.rows(_PRIMED) == [(len(names),)])


async def test_nothing_of_what_came_meanwhile_is_missed(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watched(life, CHANNEL_ID, "news")
        gone = await life.says(f"/remove {CHANNEL_ID} 1")
        assert gone.text == "Removed:\nNo. 1 News & friends"
        links = world.web.publish("news", 2)
        await trio.sleep(300)
        assert world.links(CHANNEL_ID) == []
        await life.presses(gone, "Undo")
        assert gone.text == "Watched again, with all that was set:\nNo. 1 News & friends"
        await life.posted(links)
        links += world.web.publish("news", 1)
        await life.posted(links)
        await life.presses(gone, "Back")
        assert gone.text.startswith("1. News")
    check(world)


async def test_it_outlives_a_restart_but_not_ten_minutes(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watched(life, CHANNEL_ID, "one", "two")
        card = await life.says(f"/list {CHANNEL_ID}")
        await life.presses(card, "2")
        await life.presses(card, "Remove")
        assert await life.presses(card, "Remove") == "Removed."
        late = await life.says(f"/remove {CHANNEL_ID} 1")
    async with start(world) as life:
        await life.presses(card, "Undo")
        assert life.rows(_STATE) == [(1, "removed"), (2, "active")]
        await trio.sleep(700)
        assert "ten minutes have passed" in await life.presses(late, "Undo")
        assert life.rows(_STATE) == [(1, "removed"), (2, "active")]
        assert life.rows("SELECT * FROM removals") == []
    check(world)


@pytest.mark.parametrize(("who", "told"), [(VIEWER, "may not"), (STRANGER, "private")])
async def test_only_editors_of_its_chat_take_back(
    autojump_clock: MockClock, world: World, start: Start, who: int, told: str
) -> None:
    world.api.chats.add(Chat(chat_id=GROUP, kind="group", title="Group"))
    async with start(world) as life:
        await life.says("/version")
        give_roles(world)
        await _watched(life, GROUP, "one")
        gone = await life.says(f"/remove {GROUP} 1")
        data = dict(gone.buttons)["Undo (for ten minutes)"]
        assert told in await _forged(life, gone, data, who)
        assert life.rows(_STATE) == [(1, "removed")]
        await _forged(life, gone, data, EDITOR)
        assert life.rows(_STATE) == [(1, "active")]
        assert "cannot be taken back" in await _forged(life, gone, data, EDITOR)


async def _forged(life: Life, card: Accepted, data: str, user_id: int) -> str:
    before = len(life.world.api.callback_answers)
    life.world.api.press(card.chat_id, user_id, card.message_id, data)
    await life.until(lambda: len(life.world.api.callback_answers) > before)
    return str(life.world.api.callback_answers[-1].get("text", ""))


async def test_what_is_watched_again_by_then_is_left_as_it_is(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await _watched(life, CHANNEL_ID, "one")
        gone = await life.says(f"/remove {CHANNEL_ID} 1")
        await life.says(f"/add {CHANNEL_ID} {world.web['one'].url} as=feed backlog=none")
        await trio.sleep(5)
        await life.presses(gone, "Undo")
        assert gone.text == "All of it is watched again already."
    check(world)
