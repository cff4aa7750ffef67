"""From a bot without an owner to the first post in a channel, tap by tap, as docs/first-steps.md has it."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from trio.testing import MockClock

from core.languages import gettext as _
from core.languages import speaking
from simulation.botapi import Accepted
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start

PAGE = Path(__file__).resolve().parents[2] / "docs" / "first-steps.md"
STEPS = re.compile(r"^\| (\d) \| .* \| (\d+) \|$", re.MULTILINE)


@dataclass
class Newcomer:
    """Somebody with a phone: every action counts the taps that it takes."""

    life: Life
    taps: list[int] = field(default_factory=list)

    async def _answer(self, chat_id: int, since: int) -> Accepted:
        return await self.life.world.api.wait_for(lambda m: m.chat_id == chat_id, since=since)

    async def opens(self, link: str) -> Accepted:
        """Tap the link, then START."""
        self.taps.append(2)
        return await self.life.says(f"/start {link.partition('?start=')[2]}")

    async def presses(self, card: Accepted, label: str) -> Accepted:
        """Tap a button under a message."""
        self.taps.append(1)
        since = len(self.life.world.api.journal)
        await self.life.presses(card, label)
        return await self._answer(OWNER_ID, since)

    async def picks(self, asked: Accepted, label: str, chat_id: int) -> Accepted:
        """Tap the button of the keyboard, the chat, and that the bot becomes its administrator."""
        assert json.dumps(label) in str(asked.parameters["reply_markup"])
        self.taps.append(3)
        since = len(self.life.world.api.journal)
        self.life.world.api.people.shares_chat(OWNER_ID, chat_id)
        await self.life.until(lambda: _with_buttons(self.life, since) is not None)
        found = _with_buttons(self.life, since)
        assert found is not None
        return found

    async def sends(self, text: str) -> None:
        """Paste something, and tap Send."""
        self.taps.append(2)
        self.life.world.api.user_says(OWNER_ID, OWNER_ID, text)


def _with_buttons(life: Life, since: int) -> Accepted | None:
    mine = [m for m in life.world.api.journal[since:] if m.chat_id == OWNER_ID]
    return next((message for message in mine if message.buttons), None)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_newcomer_sees_a_post_after_few_taps(
    autojump_clock: MockClock, world: World, start: Start, check: Check, language: str
) -> None:
    feed = world.feed("news")
    world.api.people.private(OWNER_ID, language_code=language)
    async with start(world, owner_ids=(), fetch_pages=False) as life:
        await life.until(lambda: bool(world.announced))
        link = next(word for word in world.announced[0].split() if "?start=" in word)
        newcomer = Newcomer(life)
        with speaking(language):
            welcome = await newcomer.opens(link)
            asked = await newcomer.presses(welcome, _("Connect a channel or group"))
            connected = await newcomer.picks(asked, _("A channel"), CHANNEL_ID)
            await newcomer.presses(connected, _("Watch something for it"))
            since = len(world.api.journal)
            await newcomer.sends(feed.url)
            await life.until(lambda: (card := _with_buttons(life, since)) is not None and "✅" in card.text)
            card = _with_buttons(life, since)
            assert card is not None
            newcomer.taps.append(1)
            await life.presses(card, _("Send the newest now"))
        await life.until(lambda: len(world.links(CHANNEL_ID)) == 1)
    told = [int(taps) for _step, taps in STEPS.findall(PAGE.read_text(encoding="utf-8"))]
    assert newcomer.taps == told
    assert f"{sum(told)} taps" in PAGE.read_text(encoding="utf-8")
    check(world)
