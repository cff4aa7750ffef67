"""Pulling the plug at every step of a base scenario: nothing is lost, nothing is repeated."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from simulation.botapi import Accepted, Chat, Fault, Limits
from simulation.botapi.faults import When
from simulation.feeds import Feed
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.running import Check, Life, Start

OTHER_ID = -1001000000002


async def _prepare(world: World, start: Start) -> Feed:
    """A first life in which two chats follow one feed, and get its newest link."""
    world.api.chats.add(Chat(chat_id=OTHER_ID, kind="channel"))
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s backlog=1")
        await life.says(f"/add {OTHER_ID} {feed.url} every=10s backlog=1")
        await life.until(lambda: len(life.rows("SELECT 1 FROM subscriptions WHERE primed_ms > 0")) == 2)
        await life.until(lambda: bool(world.links(CHANNEL_ID) and world.links(OTHER_ID)))
    return feed


def _explained(life: Life, chat_id: int) -> dict[str, tuple[str, str | None]]:
    rows = life.rows(
        "SELECT url, queue.state, reason FROM queue JOIN history ON history.id = history_id "
        "WHERE chat_id = ? ORDER BY position",
        chat_id,
    )
    return {url: (state, reason) for url, state, reason in rows}


def _assert_whole(world: World, life: Life, chat_id: int, wanted: list[str]) -> None:
    """Every link is there once and in order, also the one that was in flight, and no copy of any is left."""
    assert world.links(chat_id)[1:] == wanted
    rows = _explained(life, chat_id)
    assert {link: rows[link] for link in wanted} == dict.fromkeys(wanted, ("sent", None))
    assert not [
        message for message in world.api.journal if message.origin is not None and not message.deleted
    ]


@pytest.mark.parametrize("step", range(1, 9))
async def test_crash_right_after_telegram_accepted_a_message(
    autojump_clock: MockClock, world: World, start: Start, check: Check, step: int
) -> None:
    await _prepare(world, start)
    before = len(world.api.journal)
    wanted = world.web.publish("news", 4)
    world.crash_when(lambda _: len(world.api.journal) - before == step)
    async with start(world) as life:
        with trio.fail_after(600):
            await world.crashed.wait()
    world.next_life()
    async with start(world) as life:
        await trio.sleep(300)
    for chat in (CHANNEL_ID, OTHER_ID):
        _assert_whole(world, life, chat, wanted)
    check(world)


def _accepted(world: World, count: int, _message: Accepted) -> bool:
    return len(world.api.journal) >= count


class _CommitCounter:
    """Pulls the plug after the n-th commit of a life."""

    def __init__(self, world: World, step: int) -> None:
        self.commits = 0
        self._world = world
        self._step = step

    async def __call__(self, work: Callable[[], Any]) -> Any:
        await trio.lowlevel.checkpoint()
        result = work()
        self.commits += 1
        if self.commits == self._step:
            self._world.pull_the_plug()
        return result


@pytest.mark.parametrize("step", range(1, 41))
async def test_crash_after_every_commit(
    autojump_clock: MockClock, world: World, start: Start, check: Check, step: int
) -> None:
    await _prepare(world, start)
    wanted = world.web.publish("news", 3)
    counter = _CommitCounter(world, step)
    async with start(world, run_write=counter):
        with trio.move_on_after(120):
            await world.crashed.wait()
    assert world.crashed.is_set(), "the scenario has fewer commits than steps: enumerate fewer"
    world.next_life()
    async with start(world) as life:
        await trio.sleep(300)
    for chat in (CHANNEL_ID, OTHER_ID):
        _assert_whole(world, life, chat, wanted)
    check(world)


@pytest.mark.parametrize("seed", range(12))
async def test_many_crashes_and_lost_answers(
    autojump_clock: MockClock, tmp_path: Path, nursery: trio.Nursery, start: Start, check: Check, seed: int
) -> None:
    world = World(seed, tmp_path, nursery=nursery, limits=Limits(chat_burst=1, group_per_minute=60))
    feed = await _prepare(world, start)
    already = len(feed.entries)
    feed.gap_s, feed._next_at = 8.0, world.now_s()
    for _ in range(6):
        world.api.faults.rate = 0.05
        count = len(world.api.journal) + world.rng.randint(1, 12)
        world.crash_when(partial(_accepted, world, count))
        async with start(world):
            with trio.move_on_after(world.rng.uniform(20, 200)):
                await world.crashed.wait()
        if world.crashed.is_set():
            world.next_life()
    world.api.faults.rate = 0.0
    world.api.on_accepted.clear()
    feed._next_at = float("inf")
    wanted = [entry.link for entry in feed.entries[already:]]
    async with start(world) as life:
        await trio.sleep(1200)
    assert len(wanted) > 10
    for chat in (CHANNEL_ID, OTHER_ID):
        _assert_whole(world, life, chat, wanted)
    check(world)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_send_in_flight_at_a_kill_is_looked_for(
    autojump_clock: MockClock, world: World, start: Start, check: Check, when: When
) -> None:
    await _prepare(world, start)
    world.api.faults.add(Fault(what="hang", when=when, method="sendmessage", chat_id=CHANNEL_ID))
    (link,) = world.web.publish("news")
    async with start(world) as life:
        await life.until(lambda: bool(life.rows("SELECT 1 FROM queue WHERE state = 'sending'")))
        world.pull_the_plug()
    world.next_life()
    async with start(world) as life:
        await life.until(
            lambda: life.rows("SELECT state FROM queue WHERE chat_id = ?", CHANNEL_ID) == [("sent",)] * 2, 120
        )
        assert world.links(CHANNEL_ID)[1:] == [link]
        assert not [m for m in world.api.messages(OWNER_ID) if "Was this posted" in m.text]
    check(world)


async def test_first_poll_is_all_or_nothing(
    autojump_clock: MockClock, world: World, start: Start, check: Check
) -> None:
    """A crash in the commit of the first poll must not make the backlog look new later."""
    world.api.chats.add(Chat(chat_id=OTHER_ID, kind="channel"))
    feed = world.feed("news", first=5)
    for step in range(1, 20):
        counter = _CommitCounter(world, step)
        async with start(world, run_write=counter) as life:
            if step == 1:
                with trio.move_on_after(60):
                    await world.crashed.wait()
            else:
                world.api.user_says(OWNER_ID, OWNER_ID, f"/add {CHANNEL_ID} {feed.url} every=10s")
                with trio.move_on_after(60):
                    await world.crashed.wait()
        if not world.crashed.is_set():
            break
        world.next_life()
    async with start(world) as life:
        await trio.sleep(60)
        assert world.links(CHANNEL_ID) == []
        new = world.web.publish("news", 2)
        await life.posted(new)
    check(world)


async def test_database_of_a_crash_is_sound(autojump_clock: MockClock, world: World, start: Start) -> None:
    await _prepare(world, start)
    world.web.publish("news", 3)
    before = len(world.api.journal)
    world.crash_when(lambda _: len(world.api.journal) == before + 2)
    async with start(world):
        with trio.fail_after(600):
            await world.crashed.wait()
    world.next_life()
    db = sqlite3.connect(world.database)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("SELECT COUNT(*) FROM queue WHERE state IN ('sending', 'sent')").fetchone()[0] >= 2
    db.close()
