"""A publisher whose posts all wait for their turn is at work, and says so."""

import trio
from trio.testing import MockClock

from actors.publisher import IN_FLIGHT
from actors.pulse import LONGEST_TURN_S
from simulation.botapi import Chat
from simulation.world import World
from tests.simulation.running import Check, Start

CHATS = [-1001000000100 - number for number in range(IN_FLIGHT + 1)]
TURN_S = 200


async def test_posts_that_hold_every_slot_for_long_leave_the_program_ready(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    feed = world.feed("news", gap_s=None)
    for chat_id in CHATS:
        world.api.chats.add(Chat(chat_id=chat_id, kind="channel"))
    async with start(world) as life:
        for chat_id in CHATS:
            await life.says(f"/add {chat_id} {feed.url} as=feed")
        await trio.sleep(60)
    world.web.publish("news", 1)
    async with start(world, global_rate=1 / TURN_S) as life:
        await life.until(lambda: any(map(world.links, CHATS)))
        oldest_s = 0.0
        for _ in range(TURN_S // 10 - 2):
            await trio.sleep(10)
            oldest_s = max(oldest_s, *life.pulse.ages().values())
        leased = life.rows("SELECT COUNT(*) FROM queue WHERE lease_owner IS NOT NULL")
        assert leased == [(IN_FLIGHT,)], "every slot is held"
        assert oldest_s <= LONGEST_TURN_S
    check(world, quiet=False)
