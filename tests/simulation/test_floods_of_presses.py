"""Buttons that are pressed hundreds of times: what they change is what one press changes."""

import pytest
import trio
from trio.testing import MockClock

from simulation.world import OWNER_ID, World
from tests.simulation.every_command import CALM, Numbers, changes, dump, settle_in
from tests.simulation.every_press import forged
from tests.simulation.roles import EDITOR, GROUP, STRANGER
from tests.simulation.running import Life, Start

_MANY = 500


async def _settled(life: Life) -> None:
    await life.until(lambda: life.world.api.updates.pending == 0)
    await trio.sleep(30)


_PRESSED = (
    *("sent:again:{queue}:0", "src:put:{chat}:1:0:silent=yes", "src:remove:{chat}:1:0"),
    *("src:pause:{chat}:1:0", "sent:mute:{queue}"),
)


@pytest.mark.parametrize("data", _PRESSED)
async def test_what_hundreds_of_presses_change_is_what_one_changes(
    autojump_clock: MockClock, world: World, start: Start, data: str
) -> None:
    async with start(world, **CALM) as life:
        await settle_in(life, "en")
        [(queue,)] = life.rows("SELECT id FROM queue WHERE chat_id = ?", GROUP)
        pressed = data.format(queue=queue, chat=GROUP)
        panel = await life.says("/list", user_id=EDITOR, chat_id=GROUP)
        untouched = dump(world)
        world.api.press(GROUP, EDITOR, panel.message_id, pressed)
        await _settled(life)
        after_one, posts = dump(world), len(world.posts(GROUP))
        assert after_one != untouched
        for _ in range(_MANY - 1):
            world.api.press(GROUP, EDITOR, panel.message_id, pressed)
        assert "Vestnik" in (await life.says("/version")).text
        await _settled(life)
        assert changes(after_one, world) == []
        assert len(world.posts(GROUP)) == posts


async def test_a_stranger_who_presses_everything_changes_nothing_and_keeps_nobody_waiting(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world, **CALM) as life:
        await settle_in(life, "en")
        told = await life.says("/version", user_id=STRANGER)
        before = dump(world)
        numbers = Numbers(subscription=1, queue=1, any=1, chat=GROUP, number=1, user=EDITOR)
        buttons = list(forged(numbers))
        for number in range(_MANY):
            world.api.press(STRANGER, STRANGER, told.message_id, buttons[number % len(buttons)])
        began = trio.current_time()
        assert "Vestnik" in (await life.says("/version", user_id=OWNER_ID)).text
        assert trio.current_time() - began < 5
        await _settled(life)
        assert changes(before, world) == []
