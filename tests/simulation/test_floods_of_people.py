"""People who ask too much: told once, then not answered, and heard again when they have waited."""

import trio
from trio.testing import MockClock

from simulation.world import OWNER_ID, World
from tests.simulation.roles import STRANGER
from tests.simulation.running import Start


async def test_a_flood_of_one_is_not_answered_and_others_are(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    world.api.people.private(STRANGER)
    async with start(world) as life:
        for _ in range(60):
            world.api.user_says(STRANGER, STRANGER, "/version")
        await trio.sleep(5)
        said = [message.text for message in world.api.messages(STRANGER)]
        assert 30 <= len(said) < 40
        assert sum("Not so fast" in text for text in said) == 1
        assert "Vestnik" in (await life.says("/version", user_id=OWNER_ID)).text
        await trio.sleep(55)
        assert "private" in (await life.says("/version", user_id=STRANGER)).text
