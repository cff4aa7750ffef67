"""Carries out a scenario: sets it up, lets things happen, lives through crashes, waits until all is quiet.

The program is an argument: a context manager that runs it in a world, with a runner for its writes.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import trio

from simulation.botapi import Accepted, Chat, Limits
from simulation.power import Disk
from simulation.scenario import Following, Room, Scenario, Site
from simulation.steps import Step
from simulation.verbs import VERBS
from simulation.world import OWNER_ID, World

_T = TypeVar("_T")
PASSWORD = "not-to-be-seen-anywhere"  # noqa: S105 - it opens nothing
_SETTING_UP_S = 600.0
_BETWEEN_S = 3.0
"""Telegram limits how often the bot may answer."""
_LONGEST_END_S = 6 * 3600.0
_LOOK_S = 20.0
_LONGEST_ANSWER_S = 120.0
_UNSETTLED = {
    "rows that wait": "SELECT COUNT(*) FROM queue WHERE state IN ('pending', 'sending', 'uncertain')",
    "pages to read": "SELECT COUNT(*) FROM history WHERE state IN ('accepted', 'fetching')",
    "searches": "SELECT COUNT(*) FROM posts WHERE kind = 'probe' AND ended_ms IS NULL",
    "notices to speak": "SELECT COUNT(*) FROM notices WHERE state = 'pending'",
    "addresses to look behind": "SELECT COUNT(*) FROM probes WHERE state = 'waiting'",
    "sources to read": "SELECT COUNT(*) FROM sources WHERE state = 'active' "
    "AND COALESCE(last_ok_ms, 0) NOT BETWEEN :since_ms AND :now_ms "
    "AND id IN (SELECT source_id FROM subscriptions WHERE state = 'active')",
}


Program: TypeAlias = Callable[..., AbstractAsyncContextManager[object]]
"""Runs the program in a world for the length of a block; takes `run_write` and settings by name."""


class Commits:
    """Runs writes inline, and pulls the plug right after the one that was chosen, or in the middle of it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._left = 0
        self._torn = False

    def crash_after(self, count: int, *, torn: bool = False) -> None:
        """Crash after so many more pieces of work; `torn`: the power fails while the last one is written."""
        self._left, self._torn = count, torn

    async def __call__(self, work: Callable[[], _T], /) -> _T:
        await trio.lowlevel.checkpoint()
        before = Disk.read(self._world.database) if self._torn and self._left == 1 else None
        result = work()
        if self._left and not self._world.crashed.is_set():
            self._left -= 1
            if not self._left:
                self._end(before)
        return result

    def _end(self, before: Disk | None) -> None:
        if before is None:
            self._world.pull_the_plug()
        else:
            self._world.lose_power(before)


class Course:
    """One scenario under way.

    Attributes:
        done: Steps that happened, with their moments in epoch seconds.
        unsettled: What did not come to an end, in words.
        crashes: How many lives were cut off.
        healed_s: When the clock was set right in the end, in epoch seconds, if it was wrong.
        tasks_left: Tasks that live on when the program has ended and every server has answered.
    """

    def __init__(self, scenario: Scenario, folder: Path, nursery: trio.Nursery, program: Program) -> None:
        limits = Limits() if scenario.strict else Limits.off()
        self.scenario = scenario
        self.world = World(scenario.seed, folder, nursery=nursery, limits=limits)
        self.done: list[tuple[float, Step]] = []
        self.unsettled: list[str] = []
        self.crashes = 0
        self.began_s = 0.0
        self.ended_ms = 0
        self.healed_s = float("-inf")
        self.tasks_left = 0
        self._program = program
        self._commits = Commits(self.world)
        self._ended = trio.Event()
        self._restart = trio.Event()

    async def run(self) -> None:
        """Let it all happen."""
        tasks = trio.lowlevel.current_statistics().tasks_living
        await self._set_up()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._let_happen)
            while not self._ended.is_set():
                await self._live()
        self._heal()
        async with self._life():
            await self._settle()
        self.ended_ms = self.world.now_ms()
        await trio.sleep(_LONGEST_ANSWER_S)
        self.tasks_left = trio.lowlevel.current_statistics().tasks_living - tasks

    def _life(self) -> AbstractAsyncContextManager[object]:
        return self._program(self.world, run_write=self._commits, **dict(self.scenario.settings))

    async def _set_up(self) -> None:
        scenario, world = self.scenario, self.world
        for site in scenario.sites:
            _build(world, site)
        for room in scenario.rooms:
            _open(world, room)
        async with self._life():
            for following in scenario.followings:
                _follow(world, scenario, following)
                await trio.sleep(_BETWEEN_S)
            ready = f"SELECT COUNT(*) >= {len(scenario.followings)} FROM subscriptions WHERE primed_ms > 0"
            await trio.sleep(1)
            with trio.fail_after(_SETTING_UP_S):
                while not self.rows(ready)[0][0]:  # noqa: ASYNC110 - a world, not a task
                    await trio.sleep(1)
            for words in scenario.wishes:
                world.api.user_says(OWNER_ID, OWNER_ID, words)
                await trio.sleep(_BETWEEN_S)
                _confirm(world)
        db = sqlite3.connect(world.database)
        for room in scenario.rooms:
            db.execute("UPDATE chats SET once = ? WHERE chat_id = ?", (room.once, room.chat_id))
        db.commit()
        db.close()
        self.began_s = world.now_s()

    async def _let_happen(self) -> None:
        for step in self.scenario.steps:
            await trio.sleep(max(0.0, self.began_s + step.at_s - self.world.now_s()))
            self.done.append((self.world.now_s(), step))
            self._do(step)
        await trio.sleep(max(0.0, self.began_s + self.scenario.length_s - self.world.now_s()))
        self._ended.set()

    def _do(self, step: Step) -> None:
        match step.what:
            case "crash" if not self.world.crashed.is_set():
                self.world.pull_the_plug()
            case "crash_at_commit":
                self._commits.crash_after(int(step.how[0]))
            case "lose_power_at_commit":
                self._commits.crash_after(int(step.how[0]), torn=True)
            case "crash_at_message":
                count = len(self.world.api.journal) + int(step.how[0])
                self.world.crash_when(_Reached(self.world, count))
            case "restart":
                self._restart.set()
            case what if what in VERBS:
                VERBS[what](self.world, step)

    async def _live(self) -> None:
        """Run the program until it is cut off, restarted, or nothing more happens."""
        self._restart = trio.Event()
        async with self._life(), trio.open_nursery() as nursery:
            for event in (self.world.crashed, self._restart, self._ended):
                nursery.start_soon(_cancel_at, event, nursery.cancel_scope)
        if self.world.crashed.is_set():
            self.crashes += 1
            self.world.next_life()

    def _heal(self) -> None:
        """End all troubles, and set the clock; what is closed to the bot stays so."""
        if self.world.clock_error_s:
            self.healed_s = self.world.now_s()
        self._commits.crash_after(0)
        self.world.clock_error_s = 0.0
        self.world.api.faults.clear()
        self.world.api.on_accepted.clear()
        for feed in self.world.web:
            self.world.web.mend(feed.name)
            feed.hidden.clear()

    async def _settle(self) -> None:
        since_ms = self.world.now_ms() + 1  # what was read in this millisecond may have been read too early
        with trio.move_on_after(_LONGEST_END_S):
            while self._waiting(since_ms):  # noqa: ASYNC110 - a world, not a task
                await trio.sleep(_LOOK_S)
            await trio.sleep(_LOOK_S)
        self.unsettled = [f"{count} {what}" for what, count in self._waiting(since_ms).items()]

    def _waiting(self, since_ms: int) -> dict[str, int]:
        moments = {"since_ms": since_ms, "now_ms": self.world.now_ms()}
        counts = {what: int(self.rows(sql, **moments)[0][0]) for what, sql in _UNSETTLED.items()}
        return {what: count for what, count in counts.items() if count}

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Read from the database of the present life."""
        return self.look(lambda db: db.execute(sql, values).fetchall())

    def look(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Read more than rows."""
        db = sqlite3.connect(f"file:{self.world.database}?mode=ro", uri=True)
        try:
            return work(db)
        finally:
            db.close()


class _Reached:
    """Whether Telegram has accepted so many messages."""

    def __init__(self, world: World, count: int) -> None:
        self._world, self._count = world, count

    def __call__(self, _: Accepted) -> bool:
        return len(self._world.api.journal) >= self._count


def _confirm(world: World) -> None:
    """Say yes to what the bot has just shown and asks whether to keep."""
    shown = world.api.messages(OWNER_ID)[-1]
    if data := dict(shown.buttons).get("Save"):
        world.api.press(OWNER_ID, OWNER_ID, shown.message_id, data)


async def _cancel_at(event: trio.Event, scope: trio.CancelScope) -> None:
    await event.wait()
    scope.cancel()


def _build(world: World, site: Site) -> None:
    feed = world.feed(site.name, form=site.form, first=site.first, window=60)
    feed.validators = site.validators


def _open(world: World, room: Room) -> None:
    members: dict[int, Any] = {} if room.kind in ("private", "channel") else {OWNER_ID: "administrator"}
    world.api.chats.add(
        Chat(
            chat_id=room.chat_id,
            kind=room.kind,
            members=members,
            is_forum=bool(room.topics),
            topics=dict.fromkeys(room.topics, "open"),
        )
    )


def _follow(world: World, scenario: Scenario, following: Following) -> None:
    site = next(site for site in scenario.sites if site.name == following.site)
    url = world.web[site.name].url
    if site.locked:
        url = url.replace("https://", f"https://ann:{PASSWORD}@")
    words = f"{url} every={following.every_s}s {site.options} backlog=none"
    if following.chat_id > 0:
        world.api.people.private(following.chat_id)
        world.api.user_says(following.chat_id, OWNER_ID, f"/add {words}")
        return
    place = f"{following.chat_id}/{following.topic_id}" if following.topic_id else following.chat_id
    world.api.user_says(OWNER_ID, OWNER_ID, f"/add {place} {words}")
