"""A loss of power in the middle of a write: what was committed is there, the rest wholly or not at all."""

import random
import sqlite3
from pathlib import Path

import pytest
import trio
from sqlite_utils import Database
from trio.testing import MockClock

from simulation.course import Commits
from simulation.power import Disk, after_power_loss
from simulation.world import CHANNEL_ID, World
from store.connection import open_for_writing
from tests.simulation.running import Check, Start

_ROWS = 40


def _add(db: Database, first: int) -> None:
    db.execute("BEGIN")
    for number in range(first, first + _ROWS):
        db.execute("INSERT INTO entries VALUES (?, ?)", (number, "x" * 300))
    db.execute("COMMIT")


def _found(database: Path) -> int:
    db = sqlite3.connect(database)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        count, highest = db.execute("SELECT COUNT(*), MAX(number) + 1 FROM entries").fetchone()
        assert count == highest, "a part of a commit"
        return int(count)
    finally:
        db.close()


@pytest.fixture
def entries(tmp_path: Path) -> Database:
    db = open_for_writing(tmp_path / "entries.db")
    db.execute("CREATE TABLE entries (number INTEGER PRIMARY KEY, text TEXT)")
    return db


def test_a_commit_under_way_is_there_or_not_and_nothing_else_is_lost(
    entries: Database, tmp_path: Path
) -> None:
    _add(entries, 0)
    before = Disk.read(tmp_path / "entries.db")
    _add(entries, _ROWS)
    after = Disk.read(tmp_path / "entries.db")
    entries.close()
    rng = random.Random(4)
    found = set()
    for number in range(30):
        database = tmp_path / f"life-{number}.db"
        disk = after_power_loss(before, after, rng)
        assert disk not in (before, after)
        disk.write(database)
        found.add(_found(database))
    assert found == {_ROWS}, "a commit that misses a sector is none"


def test_a_checkpoint_under_way_loses_nothing(entries: Database, tmp_path: Path) -> None:
    _add(entries, 0)
    before = Disk.read(tmp_path / "entries.db")
    entries.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    after = Disk.read(tmp_path / "entries.db")
    assert before.database != after.database
    _add(entries, _ROWS)
    begun_anew = Disk.read(tmp_path / "entries.db")
    entries.close()
    rng = random.Random(5)
    for number in range(20):
        database = tmp_path / f"life-{number}.db"
        after_power_loss(before, after, rng).write(database)
        assert _found(database) == _ROWS
        later = tmp_path / f"later-{number}.db"
        after_power_loss(after, begun_anew, rng).write(later)
        assert _found(later) == _ROWS


@pytest.mark.parametrize("step", [6, 14])
async def test_the_program_goes_on_after_a_loss_of_power(
    autojump_clock: MockClock, world: World, start: Start, check: Check, step: int
) -> None:
    feed = world.feed("news")
    async with start(world) as life:
        await life.says(f"/add {CHANNEL_ID} {feed.url} every=10s as=feed")
        await trio.sleep(30)
    new = world.web.publish("news", 3)
    commits = Commits(world)
    commits.crash_after(step, torn=True)
    async with start(world, run_write=commits):
        with trio.fail_after(600):
            await world.crashed.wait()
    world.next_life()
    async with start(world) as life:
        await life.posted(new)
    check(world)
