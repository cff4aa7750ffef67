"""Many posts to many chats, with lost answers, server errors and crashes all along: what arrives of them.

The program is an argument. What arrived is read from Telegram's journal, what the program believes from
its database.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat
from simulation.botapi.chats import ChatKind
from simulation.botapi.faults import What
from simulation.feeds import Feed
from simulation.scheduling import seeded
from simulation.world import OWNER_ID, World

Program = Callable[[World], AbstractAsyncContextManager[object]]

_KINDS: tuple[ChatKind, ...] = ("channel", "supergroup", "private", "channel", "group")
_TROUBLE: tuple[What, ...] = ("no_answer", "reset", "half", "no_answer", "reset", "restart")
_TROUBLED = frozenset({"sendmessage", "forwardmessage", "deletemessage"})
_LONGEST_LIFE_S = 900.0
_LONGEST_END_S = 20_000.0
_WAITING = "SELECT COUNT(*) FROM queue WHERE state IN ('pending', 'sending', 'uncertain')"
_SEARCHING = "SELECT COUNT(*) FROM posts WHERE kind = 'probe' AND ended_ms IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much happens.

    Attributes:
        chats: of all types, in turn.
        links: for each chat.
        crashes: after so many of which the program is left alone.
        fault_rate: share of requests that go wrong: five of six lose their answer (half of those before
            they take effect), one gets a 5xx.
        feeds: each chat follows one of them.
    """

    chats: int = 40
    links: int = 50
    crashes: int = 20
    fault_rate: float = 0.06
    feeds: int = 4


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of it. All but `wanted`, `arrived` and the counts of troubles should be 0."""

    wanted: int = 0
    arrived: int = 0
    crashes: int = 0
    faults: int = 0
    in_doubt: int = 0
    doubled: int = 0
    held: int = 0
    lost: int = 0
    out_of_order: int = 0
    during_flood_waits: int = 0
    copies_left: int = 0
    states: dict[str, int] = field(default_factory=dict)
    hours: float = 0.0

    @property
    def perfect(self) -> bool:
        """Whether everything arrived exactly once and in order."""
        faults = (self.doubled, self.held, self.lost, self.out_of_order, self.during_flood_waits)
        return self.arrived == self.wanted > 0 and not any(faults) and not self.copies_left


def run_delivery(seed: int, folder: Path, program: Program, plan: Plan) -> tuple[World, Tally]:
    """Carry out a plan in a world of its own, under a virtual clock: one seed, one course of events.

    Args:
        seed: of the world, its faults, and the order of tasks.
        folder: for the databases.
        program: how the program is started in the world.
        plan: how much happens.

    Raises:
        trio.TooSlowError: it does not come to an end.
    """
    with seeded(seed):
        return trio.run(_run, seed, folder, program, plan, clock=MockClock(autojump_threshold=0.0))


async def _run(seed: int, folder: Path, program: Program, plan: Plan) -> tuple[World, Tally]:
    async with trio.open_nursery() as nursery:
        world = World(seed, folder, nursery=nursery)
        tally = await deliver(world, program, plan)
        nursery.cancel_scope.cancel()
    return world, tally


async def deliver(world: World, program: Program, plan: Plan) -> Tally:
    """Let a program deliver what the plan says, and count what arrived.

    Raises:
        trio.TooSlowError: it does not come to an end.
    """
    tally = Tally()
    chats = await _subscribe(world, program, plan)
    _trouble(world, plan.fault_rate)
    for crash in range(plan.crashes):
        _publish(world, chats, until=1 + (plan.links - 1) * (crash + 1) // (plan.crashes + 1))
        await _live_and_crash(world, program)
        tally.crashes += 1
    _publish(world, chats, until=plan.links)
    await _live_to_the_end(world, program)
    _count(world, chats, plan, tally)
    return tally


async def _subscribe(world: World, program: Program, plan: Plan) -> dict[int, Feed]:
    """Let the owner add a feed for each chat, and wait until each has its newest link."""
    feeds = [world.feed(f"feed{number}", first=1, window=100) for number in range(plan.feeds)]
    chats: dict[int, Feed] = {}
    async with program(world):
        for number in range(plan.chats):
            chat_id = _add_chat(world, number)
            chats[chat_id] = feeds[number % plan.feeds]
            words = f"/add {chat_id} {chats[chat_id].url} every=10s as=feed backlog=1"
            if chat_id > 0:
                words = words.replace(f" {chat_id}", "", 1)
            world.api.user_says(chat_id if chat_id > 0 else OWNER_ID, OWNER_ID, words)
        with trio.fail_after(3600):
            while not all(_links(world, chat_id) for chat_id in chats):  # noqa: ASYNC110 - a world, not a task
                await trio.sleep(1)
    return chats


def _add_chat(world: World, number: int) -> int:
    kind = _KINDS[number % len(_KINDS)]
    base = {"channel": -1001000001000, "supergroup": -1001000002000, "group": -5000, "private": 7000}[kind]
    chat_id = base + number if kind == "private" else base - number
    members = {} if kind in ("private", "channel") else {OWNER_ID: "member"}
    world.api.chats.add(Chat(chat_id=chat_id, kind=kind, members=members))  # type: ignore[arg-type] # a literal
    return chat_id


def _trouble(world: World, rate: float) -> None:
    faults = world.api.faults
    faults.kinds, faults.methods, faults.rate = _TROUBLE, _TROUBLED, rate


def _publish(world: World, chats: dict[int, Feed], *, until: int) -> None:
    for feed in {feed.name: feed for feed in chats.values()}.values():
        if missing := until - len(feed.entries):
            world.web.publish(feed.name, missing)


async def _live_and_crash(world: World, program: Program) -> None:
    """Run the program until it is cut off, at a message that Telegram accepts or at any moment."""
    count = len(world.api.journal) + world.rng.randint(1, 60)

    def enough(_message: Accepted) -> bool:
        return len(world.api.journal) >= count

    world.crash_when(enough)
    async with program(world):
        with trio.move_on_after(world.rng.uniform(30, _LONGEST_LIFE_S)):
            await world.crashed.wait()
        if not world.crashed.is_set():
            world.pull_the_plug()
    world.next_life()


async def _live_to_the_end(world: World, program: Program) -> None:
    """Run the program until nothing waits any more, and end it in order."""
    async with program(world):
        await trio.sleep(60)
        with trio.fail_after(_LONGEST_END_S):
            while _one(world, _WAITING) or _one(world, _SEARCHING):  # noqa: ASYNC110 - a world, not a task
                await trio.sleep(10)


def _count(world: World, chats: dict[int, Feed], plan: Plan, tally: Tally) -> None:
    for chat_id, feed in chats.items():
        wanted = [entry.link for entry in feed.entries]
        arrived = Counter(_links(world, chat_id))
        tally.wanted += len(wanted)
        tally.arrived += sum(link in arrived for link in wanted)
        tally.doubled += sum(count - 1 for count in arrived.values())
        first_seen = list(dict.fromkeys(_links(world, chat_id)))
        tally.out_of_order += first_seen != [link for link in wanted if link in arrived]
    if tally.wanted != plan.chats * plan.links:
        raise ValueError("the plan was not carried out")
    tally.faults = len(world.api.faults.struck)
    tally.in_doubt = _one(
        world, "SELECT COUNT(*) FROM posts WHERE outcome IN ('uncertain', 'found', 'absent')"
    )
    tally.held = _one(world, "SELECT COUNT(*) FROM queue WHERE state = 'held'")
    tally.lost = tally.wanted - tally.arrived - _held_and_missing(world)
    tally.during_flood_waits = len(world.api.flood_violations)
    tally.copies_left = sum(one.origin is not None and not one.deleted for one in world.api.journal)
    tally.states = _states(world)
    tally.hours = trio.current_time() / 3600


def _links(world: World, chat_id: int) -> list[str]:
    return [one.links[0] for one in world.posts(chat_id) if one.origin is None and not one.reply_markup]


def _held_and_missing(world: World) -> int:
    """Count the posts that are held and did not arrive: they wait for a person."""
    rows = _rows(
        world,
        """SELECT chat_id, history.url FROM queue JOIN history ON history.id = history_id
        WHERE queue.state = 'held'""",
    )
    return sum(url not in _links(world, chat_id) for chat_id, url in rows)


def _states(world: World) -> dict[str, int]:
    rows = _rows(world, "SELECT state, COUNT(*) FROM queue GROUP BY state ORDER BY state")
    return {str(state): int(count) for state, count in rows}


def _one(world: World, sql: str) -> int:
    return int(_rows(world, sql)[0][0])


def _rows(world: World, sql: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(f"file:{world.database}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()
