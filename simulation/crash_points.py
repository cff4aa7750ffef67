"""Every point of a base scenario at which the program can be cut off, each tried in a run of its own.

Two channels follow a site that publishes three links. One send is told to wait, one loses its answer and is
looked for; the owner asks a question meanwhile. A life is cut off after a commit, in the middle of writing
one (a loss of power), when Telegram has accepted a message, before a request goes out, or after its reply
came in; the next life must bring everything to its end.
"""

import logging
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar, get_args

import httpx
import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat, Fault, Limits
from simulation.course import Program
from simulation.evidence import listening
from simulation.invariants import violations
from simulation.power import Disk
from simulation.scheduling import seeded
from simulation.world import CHANNEL_ID, OWNER_ID, World

_T = TypeVar("_T")
Kind = Literal["commit", "power", "message", "request", "reply"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_OTHER_ID = -1001000000002
_SEED = 7
_FIRST_LIFE_S = 150.0
_LAST_LIFE_S = 260.0
_SETTING_UP_S = 60.0


@dataclass(slots=True, kw_only=True)
class Run:
    """What came of one run: how many points of each kind it had before it was cut off, and what is wrong."""

    points: Counter[Kind] = field(default_factory=Counter)
    wrongs: list[str] = field(default_factory=list)


def run_to(program: Program, kind: Kind | None = None, number: int = 0) -> Run:
    """Run the base scenario, cut off at a point, counted from 1; without one it is left alone."""
    run = Run()
    with tempfile.TemporaryDirectory() as folder, listening() as heard, seeded(_SEED):
        plug = (kind, number)
        trio.run(_scenario, Path(folder), program, run, plug, clock=MockClock(autojump_threshold=0.0))
    run.wrongs += [f"logged: {line}" for level, line in heard.lines if level >= logging.ERROR]
    if kind is not None and run.points[kind] < number:
        run.wrongs.append("there is no such point")
    return run


class _Plug:
    """Counts the points of a life once it is armed, and ends it at the chosen one."""

    def __init__(self, world: World, run: Run, kind: Kind | None, number: int) -> None:
        self.armed = False
        self._world = world
        self._points = run.points
        self._chosen = (kind, number)

    def is_at(self, kind: Kind) -> bool:
        """Count one point, and tell whether it is the chosen one."""
        if not self.armed or self._world.crashed.is_set():
            return False
        self._points[kind] += 1
        return (kind, self._points[kind]) == self._chosen

    def hear(self, _: Accepted) -> None:
        if self.is_at("message"):
            self._world.pull_the_plug()

    async def run_write(self, work: Callable[[], _T], /) -> _T:
        await trio.lowlevel.checkpoint()
        before = Disk.read(self._world.database) if self.is_at("power") else None
        result = work()
        if before is not None:
            self._world.lose_power(before)
        elif self.is_at("commit"):
            self._world.pull_the_plug()
        return result

    async def stop_at(self, kind: Kind) -> None:
        """End the life, and never go on, if this is the point."""
        if self.is_at(kind):
            self._world.pull_the_plug()
            await trio.sleep_forever()


class _Wire(httpx.AsyncBaseTransport):
    """A network on which each request and each reply is a point."""

    def __init__(self, network: httpx.AsyncBaseTransport, plug: _Plug) -> None:
        self._network = network
        self._plug = plug

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._plug.stop_at("request")
        response = await self._network.handle_async_request(request)
        await self._plug.stop_at("reply")
        return response


async def _scenario(folder: Path, program: Program, run: Run, chosen: tuple[Kind | None, int]) -> None:
    async with trio.open_nursery() as nursery:
        world = World(_SEED, folder, nursery=nursery, limits=Limits.off())
        plug = _Plug(world, run, *chosen)
        world.telegram_transport = _Wire(world.telegram_transport, plug)
        world.web_transport = _Wire(world.web_transport, plug)
        await _set_up(world, program)
        world.api.faults.add(
            Fault(what="flood", method="sendmessage", chat_id=_OTHER_ID, retry_after_s=3),
            Fault(what="no_answer", method="sendmessage", chat_id=CHANNEL_ID, nth=2, when="after"),
        )
        world.api.on_accepted.append(plug.hear)
        world.api.user_says(OWNER_ID, OWNER_ID, f"/list {CHANNEL_ID}")
        wanted = world.web.publish("news", 3)
        plug.armed = True
        async with program(world, run_write=plug.run_write):
            with trio.move_on_after(_FIRST_LIFE_S):
                await world.crashed.wait()
            plug.armed = False
        if world.crashed.is_set():
            world.next_life()
        async with program(world):
            await trio.sleep(_LAST_LIFE_S)
        run.wrongs += _wrongs(world, wanted)
        nursery.cancel_scope.cancel()


async def _set_up(world: World, program: Program) -> None:
    world.api.chats.add(Chat(chat_id=_OTHER_ID, kind="channel"))
    feed = world.feed("news")
    async with program(world):
        for chat_id in (CHANNEL_ID, _OTHER_ID):
            world.api.user_says(OWNER_ID, OWNER_ID, f"/add {chat_id} {feed.url} as=feed every=20s backlog=1")
            await trio.sleep(_SETTING_UP_S)


def _wrongs(world: World, wanted: list[str]) -> list[str]:
    found = violations(world.database, world.api.journal)
    for chat_id in (CHANNEL_ID, _OTHER_ID):
        if (there := world.links(chat_id)[1:]) != wanted:
            found.append(f"in {chat_id} is {there}, and not {wanted}")
    left = sum(message.origin is not None and not message.deleted for message in world.api.journal)
    return [*found, f"{left} copies are left behind"] if left else found
