"""How actors wait."""

import random
from math import inf

import pytest
import trio
from sqlite_utils import Database
from trio.testing import MockClock

from actors.context import Bells, Context
from actors.doorbell import Doorbell
from actors.idling import idle
from actors.pulse import LONGEST_TURN_S
from actors.running import inline
from core.metrics import Metrics
from core.pacing import GlobalPace
from core.protocol import Owner
from core.settings import Settings
from store.client import Changes, Store, WriteRequest


class Waiting:
    """An actor that waits, and what may wake it."""

    def __init__(self) -> None:
        send, _ = trio.open_memory_channel[WriteRequest](0)
        self.changes = Changes()
        self.bell = Doorbell()
        self.clock_set_by_ms = 0
        self.turns: list[float] = []
        self.ctx = Context(
            store=Store(send, Database(memory=True), inline, changes=self.changes),
            settings=Settings.model_validate({}),
            owner=Owner(boot_id="boot", incarnation=1),
            now_ms=self.now_ms,
            rng=random.Random(1),
            bells=Bells(),
            pace=GlobalPace(rate=25),
            metrics=Metrics(),
            turned=lambda: self.turns.append(trio.current_time()),
        )

    def now_ms(self) -> int:
        return round(trio.current_time() * 1000) + self.clock_set_by_ms

    async def wait(self, *, until_ms: float = inf, restless: bool = False) -> float:
        """Return in which second it looks again."""
        await idle(self.ctx, self.bell, seen=self.changes.count, until_ms=until_ms, restless=restless)
        return trio.current_time()

    async def woken(self, at_s: float, how: str) -> float:
        async def wake() -> None:
            await trio.sleep_until(at_s)
            if how == "bell":
                self.bell.ring()
            elif how == "commit":
                self.changes.count += 1
            else:
                self.clock_set_by_ms = int(how)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(wake)
            found = await self.wait()
            nursery.cancel_scope.cancel()
        return found


async def test_it_looks_when_something_is_due_and_not_before(autojump_clock: MockClock) -> None:
    waiting = Waiting()
    assert await waiting.wait(until_ms=250_500) == 250.5
    assert waiting.turns == [60, 120, 180, 240]
    assert await waiting.wait(until_ms=0) == 250.5


@pytest.mark.parametrize(
    ("how", "looks_s"), [("bell", 130), ("commit", 180), ("3600000", 180), ("-3600000", 180), ("2000", 600)]
)
async def test_what_makes_it_look(how: str, looks_s: float, autojump_clock: MockClock) -> None:
    assert await Waiting().woken(130, how) == looks_s


async def test_it_looks_at_each_turn_where_time_alone_may_bring_something(autojump_clock: MockClock) -> None:
    waiting = Waiting()
    await trio.sleep(45)
    assert await waiting.wait(restless=True) == 60


async def test_all_turn_at_the_same_moment_and_never_too_late(autojump_clock: MockClock) -> None:
    one, other = Waiting(), Waiting()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(one.wait)
        await trio.sleep(17)
        nursery.start_soon(other.wait)
    assert one.turns == other.turns[: len(one.turns)]
    assert max(b - a for a, b in zip([0.0, *one.turns], one.turns, strict=False)) < LONGEST_TURN_S
