"""Buttons with forged data, and old ones whose object is gone: each is answered, and changes nothing."""

import logging
import re

import pytest
import trio
from aiogram import BaseMiddleware, Dispatcher, Router
from trio.testing import MockClock

from actors.telegram import actor
from actors.telegram.dispatching import build_dispatcher
from simulation.evidence import listening
from simulation.world import OWNER_ID, World
from tests.simulation.every_command import (
    CALM,
    OTHER_EDITOR,
    OTHER_GROUP,
    PATIENCE_S,
    Numbers,
    changes,
    dump,
    settle_in,
)
from tests.simulation.every_press import DATA, GARBAGE, forged, patterns
from tests.simulation.roles import EDITOR, GROUP, STRANGER, VIEWER
from tests.simulation.running import Life, Start

_HUGE = 10**18 - 1


async def _numbers(life: Life) -> list[Numbers]:
    """Return what a forger would name: the ids of what is in the group, a post that waits among it."""
    await life.says(f"/post {GROUP} https://hand.example/1 at=23:59")
    await trio.sleep(120)
    [(subscription,)] = life.rows("SELECT id FROM subscriptions WHERE chat_id = ?", GROUP)
    rows = life.rows("SELECT id, state FROM queue WHERE chat_id = ? ORDER BY id", GROUP)
    assert [state for _id, state in rows] == ["sent", "pending"]
    return [
        Numbers(subscription=subscription, queue=queue, any=queue, chat=GROUP, number=1, user=EDITOR)
        for queue, _state in rows
    ]


async def _press_all(life: Life, user: int, here: int, data: list[str]) -> list[str]:
    """Press them under the last message of the bot there, and return what is not as it should be."""
    world, wrong = life.world, []
    before, message = dump(world), world.api.messages(here)[-1]
    for each in data:
        answered = len(world.api.callback_answers)
        world.api.press(here, user, message.message_id, each)
        await life.until(lambda: world.api.updates.pending == 0)
        await trio.sleep(0 if user == OWNER_ID else PATIENCE_S)
        if len(world.api.callback_answers) != answered + 1:
            wrong.append(f"{user} presses {each!r}: {len(world.api.callback_answers) - answered} answers")
        if changed := changes(before, world):
            wrong.append(f"{user} presses {each!r}: {changed}")
            before = dump(world)
    return wrong


_STAY = (
    *("lang:", "adm:backup", "stats:", "sch:", "tz:", "address:", "link:", "flt:add"),
    *("find:ask", "lnk:add", "look:", "role:", "tzloc:", "list:"),
)
"""What is about a chat or the bot, which are there."""
_FOR_VIEWERS = ("find:ask",)
"""What asks a viewer of the chat something, which is theirs to press."""
_FORGERS = {"stranger": STRANGER, "viewer": VIEWER, "editor of another chat": OTHER_EDITOR}


@pytest.mark.parametrize("who", _FORGERS)
async def test_what_somebody_may_not_they_may_not_by_forged_buttons(
    autojump_clock: MockClock, world: World, start: Start, who: str
) -> None:
    user = _FORGERS[who]
    with listening() as heard:
        async with start(world, **CALM) as life:
            await settle_in(life, "en")
            await life.says("/version", user_id=user)
            data = {each: None for numbers in await _numbers(life) for each in forged(numbers)}
            tried = [one for one in (*data, *GARBAGE) if not _own(one)]
            tried = [one for one in tried if user != VIEWER or not one.startswith(_FOR_VIEWERS)]
            wrong = await _press_all(life, user, user, tried)
            if user != STRANGER:
                here = GROUP if user == VIEWER else OTHER_GROUP
                wrong += await _press_all(life, user, here, tried)
    wrong += [line[:3000] for level, line in heard.lines if level >= logging.ERROR]
    assert not wrong, "\n".join(wrong)


def _own(data: str) -> bool:
    """Tell whether a button is about the message that it stands under, whose chat decides."""
    return data in ("bare:watch", "bare:post", "import")


async def test_old_buttons_whose_object_is_gone_change_nothing(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    gone = (Numbers(subscription=n, queue=n, any=n, chat=c, number=n % 10**9, user=n) for n, c in (
        (999, GROUP), (_HUGE, GROUP), (999, -_HUGE),
    ))  # fmt: skip
    with listening() as heard:
        async with start(world, **CALM) as life:
            await settle_in(life, "en")
            data = [one for numbers in gone for one in forged(numbers)]
            kept = [one for one in data if not one.startswith(_STAY)]
            wrong = await _press_all(life, OWNER_ID, OWNER_ID, kept)
    wrong += [line[:3000] for level, line in heard.lines if level >= logging.ERROR]
    assert not wrong, "\n".join(wrong)


async def test_every_button_is_forged(
    autojump_clock: MockClock, world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Dispatcher] = []

    def build(routers: list[Router], inner: list[BaseMiddleware]) -> Dispatcher:
        built.append(build_dispatcher(routers, inner))
        return built[-1]

    monkeypatch.setattr(actor, "build_dispatcher", build)
    async with start(world) as life:
        await life.says("/version")
    numbers = Numbers(subscription=1, queue=1, any=1, chat=1, number=1, user=1)
    data = [each.format(**numbers) for each in DATA]
    found = set(patterns(built[0]))
    assert len(found) > 20
    assert [one for one in found if not any(re.fullmatch(one, each) for each in data)] == []
