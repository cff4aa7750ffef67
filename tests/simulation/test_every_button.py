"""Every button that appears is pressed by whom it was shown to, breadth first: it works."""

import logging
import re
from collections import deque

import pytest
import trio
from trio.testing import MockClock

from simulation.evidence import listening
from simulation.world import OWNER_ID, World
from tests.simulation.every_command import CALM, PATIENCE_S, PEOPLE, is_refusal, settle_in
from tests.simulation.latin_words import english_said
from tests.simulation.roles import GROUP
from tests.simulation.running import Life, Start

_FIRST = (
    *("/list {group}", "/info {group}", "/queue {group}", "/remove {group}", "/pause {group}"),
    *("/resume {group}", "/test {group}", "/lang", "/find the", "/stats", "https://bare.example/story"),
    *("/template {group} {{{{ title }}}}", "/role editor {group}", "/admin"),
    *("/why", "/link {group}", "/template {group}", "/tz {group}", "/export", "/role", "/history", "/import"),
)
_MOST = 120
_LONGEST_TOAST = 200
_LEAST = {"owner": 25, "editor": 15, "viewer": 3}
"""So many kinds of buttons are shown to somebody at least."""


class _Walker:
    """Somebody who presses, in a private chat, one button of each kind that they are shown."""

    def __init__(self, life: Life, user: int, language: str) -> None:
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        self._life, self._world, self._user, self._language = life, life.world, user, language
        self._waiting: deque[tuple[int, str]] = deque()

    async def walk(self) -> None:
        """Say what shows buttons, then press."""
        for words in _FIRST:
            self._world.api.user_says(self._user, self._user, words.format(group=GROUP))
            await self._wait()
        self._notice()
        for _ in range(_MOST):
            if self._waiting:
                await self._press(*self._waiting.popleft())
                self._notice()

    def _notice(self) -> None:
        """Take up what is shown now and is not of a kind that was there before."""
        for message in self._world.api.messages(self._user):
            for _label, data in message.buttons:
                kind = re.sub(r"\d{3,}", "#", data)
                other = data.startswith("lang:") and not data.endswith(self._language)
                if kind not in self.seen and not data.startswith("http") and not other:
                    self.seen.add(kind)
                    self._waiting.append((message.message_id, data))

    async def _press(self, message_id: int, data: str) -> None:
        answered = len(self._world.api.callback_answers)
        if self._world.api.cloud.journal.find(self._user, message_id) is None:
            return
        self._world.api.press(self._user, self._user, message_id, data)
        await self._wait()
        said = [str(one.get("text", "")) for one in self._world.api.callback_answers[answered:]]
        if len(said) != 1:
            self.wrong.append(f"{data!r} has {len(said)} answers")
        long = [one for one in said if len(one) > _LONGEST_TOAST]
        refused = [one for one in said if is_refusal(one)]
        self.wrong += [f"{data!r} pops up {one!r}" for one in (*long, *refused)]

    async def _wait(self) -> None:
        await self._life.until(lambda: self._world.api.updates.pending == 0)
        await trio.sleep(1 if self._user == OWNER_ID else PATIENCE_S)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("who", ["owner", "editor", "viewer"])
async def test_each_button_that_is_shown_works(
    autojump_clock: MockClock, world: World, start: Start, who: str, language: str
) -> None:
    with listening() as heard:
        async with start(world, bot_language=language, **CALM) as life:
            await settle_in(life, language)
            walker = _Walker(life, PEOPLE[who].user_id, language)
            await walker.walk()
    wrong = walker.wrong
    wrong += [line[:3000] for level, line in heard.lines if level >= logging.ERROR]
    if language == "ru":
        wrong += english_said(world)
    assert len(walker.seen) >= _LEAST[who]
    assert not wrong, "\n".join(wrong)
