"""Everybody is spoken to in their own language, and chats in theirs."""

from simulation.world import World
from tests.simulation.running import Start

EDITOR_ID = 77


async def test_somebody_chooses_a_language(world: World, start: Start, autojump_clock: object) -> None:
    async with start(world) as life:
        card = await life.says("/lang")
        assert "English" in card.text
        assert "Русский" in await life.presses(card, "Русский")
        assert "Русский" in (await life.says("/lang")).text
        assert "English" in (await life.says("/lang en")).text
        assert "say en, ru" in (await life.says("/lang tlh")).text
