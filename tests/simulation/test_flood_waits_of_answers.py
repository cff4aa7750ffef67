"""Answers to people respect flood waits, and are not lost to short ones."""

import trio
from trio.testing import MockClock

from simulation.botapi.faults import Fault
from simulation.world import OWNER_ID, World
from tests.simulation.running import Check, Start


async def test_a_refused_answer_comes_when_the_wait_is_over(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    async with start(world) as life:
        await life.says("/version")
        world.api.faults.add(Fault(what="flood", method="sendmessage", chat_id=OWNER_ID, retry_after_s=12))
        asked_s = trio.current_time()
        assert "Sources: 0" in (await life.says("/stats")).text
        assert trio.current_time() - asked_s >= 12
        assert life.rows("SELECT flood_until_ms > 0 FROM chats WHERE chat_id = ?", OWNER_ID) == [(1,)]
    check(world)


async def test_a_long_wait_holds_up_nobody_and_nothing_is_said_in_it(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    other = 3003
    world.api.people.private(other)
    async with start(world, owner_ids=(OWNER_ID, other)) as life:
        await life.says("/version")
        world.api.faults.add(Fault(what="flood", method="sendmessage", chat_id=OWNER_ID, retry_after_s=300))
        asked_s = trio.current_time()
        world.api.user_says(OWNER_ID, OWNER_ID, "/stats")
        world.api.user_says(OWNER_ID, OWNER_ID, "/list")
        assert "Sources: 0" in (await life.says("/stats", user_id=other)).text
        assert trio.current_time() - asked_s < 60
        before = len(world.api.messages(OWNER_ID))
        await trio.sleep(310)
        assert len(world.api.messages(OWNER_ID)) == before
        assert "Sources: 0" in (await life.says("/stats")).text
    check(world)
