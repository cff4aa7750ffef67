"""Somebody who asks the bot now and then, and a watch in the other hand."""

import time
from dataclasses import dataclass, field

import trio

from bench.staging.world import OWNER_ID, World

ASK_EVERY_S = 10.0
PATIENCE_S = 60.0


@dataclass(slots=True)
class Asker:
    """Asks `/stats` and `/list` by turns in the owner's private chat; nothing else is said there.

    `seconds` holds how long each answer took, from the question to the answer's arrival at Telegram.
    """

    world: World
    seconds: list[float] = field(default_factory=list)
    unanswered: int = 0

    async def run(self) -> None:
        """Ask until cancelled."""
        turn = 0
        while True:
            chat_id = self.world.chats[turn % len(self.world.chats)]
            await self._ask(f"/list {chat_id}" if turn % 2 else "/stats")
            turn += 1
            await trio.sleep(ASK_EVERY_S)

    async def _ask(self, question: str) -> None:
        api = self.world.api
        before, asked_s = len(api.journal), time.time()
        api.user_says(OWNER_ID, OWNER_ID, question)
        try:
            answer = await api.wait_for(lambda one: one.chat_id == OWNER_ID, PATIENCE_S, since=before)
        except trio.TooSlowError:
            self.unanswered += 1
        else:
            self.seconds.append(answer.at - asked_s)
