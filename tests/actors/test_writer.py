"""The writer: many requests in one commit, each failing alone, and what a broken disk means."""

import sqlite3
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import trio
from sqlite_utils import Database
from trio.testing import MockClock, wait_all_tasks_blocked

from actors import writer
from actors.running import in_threads
from core.errors import StorageBroken, StorageFull, TransientError, UserError
from store.connection import QUIET_LOG_BYTES

if TYPE_CHECKING:
    from tests.actors.conftest import Gate, Office, StartWriter

Insert = Callable[[Database, str], str]


def fail(db: Database, name: str, error: Exception) -> None:
    """Write something, and fail."""
    db.execute("INSERT INTO things VALUES (?)", (name,))
    raise error


def broken(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("something happened")
    error.sqlite_errorcode = code
    return error


class Callers:
    """Callers that all wait for the writer at once."""

    def __init__(self, office: "Office", nursery: trio.Nursery) -> None:
        self.office = office
        self.nursery = nursery
        self.errors: dict[str, Exception | None] = {}

    async def ask(self, label: str, function: Callable[..., Any], *args: Any, urgent: bool = False) -> None:
        """Start one more caller, and return when it waits."""

        async def call() -> None:
            write = self.office.store.write_first if urgent else self.office.store.write
            try:
                await write(function, *args)
            except Exception as error:  # noqa: BLE001 - whatever the writer says is what is looked at
                self.errors[label] = error
            else:
                self.errors[label] = None

        self.nursery.start_soon(call)
        await wait_all_tasks_blocked()


async def test_many_callers_share_a_commit(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    names = [f"n{number}" for number in range(20)]
    async with writing(gate) as office:
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            for name in names:
                await callers.ask(name, insert, name)
            gate.opened.set()
        assert office.names() == names
        assert set(callers.errors.values()) == {None}
        assert office.commits() == 2  # the first alone, for nobody waits for company


async def test_values_come_back(writing: "StartWriter", insert: Insert, autojump_clock: MockClock) -> None:
    async with writing() as office:
        assert await office.store.write(insert, "a") == "a"
        assert await office.store.write_first(insert, "b") == "b"
        assert office.names() == ["a", "b"]


@pytest.mark.parametrize(
    "error", [ValueError("no"), UserError("no"), TransientError("its own"), sqlite3.IntegrityError("no")]
)
async def test_a_failing_request_rolls_back_alone(
    error: Exception, writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing(gate) as office:
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            for name in ("first", "before"):
                await callers.ask(name, insert, name)
            await callers.ask("failing", fail, "lost", error)
            await callers.ask("after", insert, "after")
            gate.opened.set()
        assert office.names() == ["first", "before", "after"]
        assert callers.errors == {"first": None, "before": None, "failing": error, "after": None}
        assert office.commits() == 2


async def test_nobody_hears_of_success_before_the_commit(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    def dangle(db: Database) -> None:
        """Make the commit itself fail."""
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute("CREATE TABLE parts (thing TEXT REFERENCES things (name))")
        db.execute("INSERT INTO parts VALUES ('nothing')")

    async with writing(gate) as office:
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            await callers.ask("first", insert, "first")
            await callers.ask("before", insert, "before")
            await callers.ask("dangling", dangle)
            gate.opened.set()
        assert office.names() == ["first"]
        assert callers.errors.pop("first") is None
        assert {type(error) for error in callers.errors.values()} == {sqlite3.IntegrityError}
        await office.store.write(insert, "next")
        assert office.names() == ["first", "next"]


async def test_a_lost_transaction_fails_its_whole_batch(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    def lose(db: Database) -> None:
        db.execute("ROLLBACK")
        raise ValueError("no")

    async with writing(gate) as office:
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            for label, function, args in (
                ("first", insert, ("first",)),
                ("before", insert, ("before",)),
                ("losing", lose, ()),
                ("after", insert, ("after",)),
            ):
                await callers.ask(label, function, *args)
            gate.opened.set()
        assert office.names() == ["first"]
        assert callers.errors.pop("first") is None
        assert len(callers.errors) == 3
        for error in callers.errors.values():
            assert isinstance(error, TransientError)
            assert "the transaction was lost" in str(error)
        await office.store.write(insert, "next")
        assert office.names() == ["first", "next"]


async def test_a_full_disk_fails_the_batch_and_passes(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing(gate) as office:
        pages = office.db.execute("PRAGMA page_count").fetchone()[0]
        office.db.execute(f"PRAGMA max_page_count = {pages + 2}")
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            for label in ("first", "before"):
                await callers.ask(label, insert, label)
            await callers.ask("large", insert, "x" * 100_000)
            await callers.ask("after", insert, "after")
            gate.opened.set()
        assert callers.errors.pop("first") is None
        assert [type(error) for error in callers.errors.values()] == [StorageFull] * 3
        assert office.names() == ["first"]
        with pytest.raises(StorageFull) as full:
            await office.store.write(insert, "x" * 100_000)
        assert full.value.retry_after_s == 10
        await office.store.write(insert, "small")
        office.db.execute("PRAGMA max_page_count = 1000000")
        await office.store.write(insert, "x" * 100_000)
        assert office.names() == ["first", "small", "x" * 100_000]
        assert office.error is None


async def test_a_database_locked_by_another_program_is_tried_again_later(
    writing: "StartWriter", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing() as office:
        office.db.execute("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(office.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TransientError, match="another program holds the database locked") as locked:
            await office.store.write(insert, "a")
        assert not isinstance(locked.value, StorageFull)
        other.execute("ROLLBACK")
        other.close()
        await office.store.write(insert, "a")
        assert office.names() == ["a"]


@pytest.mark.parametrize(
    "code",
    [
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_CORRUPT_VTAB,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY_DBMOVED,
    ],
)
async def test_a_broken_database_ends_the_writer(
    code: int, writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing(gate) as office:
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            for label in ("first", "before"):
                await callers.ask(label, insert, label)
            await callers.ask("breaking", fail, "lost", broken(code))
            gate.opened.set()
        assert callers.errors["first"] is None
        assert isinstance(callers.errors["before"], StorageBroken)
        assert isinstance(callers.errors["breaking"], StorageBroken)
        await office.ended.wait()
        assert isinstance(office.error, StorageBroken)
        assert "cannot be written any more" in str(office.error)
        with pytest.raises(TransientError, match="the writer has ended"):
            await office.store.write(insert, "later")
        assert office.names() == ["first"]


async def test_a_database_that_has_become_read_only_is_broken(
    writing: "StartWriter", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing() as office:
        office.db.execute("PRAGMA query_only = ON")
        with pytest.raises(StorageBroken):
            await office.store.write(insert, "a")
        await office.ended.wait()
        assert office.error is not None


async def test_callers_that_wait_when_the_writer_ends_do_not_wait_for_ever(
    writing: "StartWriter",
    gate: "Gate",
    insert: Insert,
    autojump_clock: MockClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "_BATCH_LIMIT", 2)
    async with writing(gate) as office:
        with trio.fail_after(60):
            async with trio.open_nursery() as nursery:
                callers = Callers(office, nursery)
                await callers.ask("breaking", fail, "lost", broken(sqlite3.SQLITE_IOERR))
                for name in "abcd":
                    await callers.ask(name, insert, name)
                gate.opened.set()
        assert isinstance(callers.errors.pop("breaking"), StorageBroken)
        assert [str(error) for error in callers.errors.values()] == ["the writer has ended"] * 4


async def test_receipts_come_first(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing(gate) as office:
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            for name in ("first", "a", "b"):
                await callers.ask(name, insert, name)
            for name in ("urgent", "urgent too"):
                await callers.ask(name, insert, name, urgent=True)
            gate.opened.set()
        assert office.names() == ["first", "urgent", "urgent too", "a", "b"]


async def test_a_batch_ends_when_its_time_is_up(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    ticks = count()
    async with writing(gate, clock=lambda: next(ticks) * 0.03) as office:
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            for name in "abcde":
                await callers.ask(name, insert, name)
            gate.opened.set()
        assert office.names() == list("abcde")
        assert set(callers.errors.values()) == {None}
        assert office.commits() == 3  # one alone, two, two


async def test_a_batch_has_its_limit(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    names = [f"n{number}" for number in range(1 + writer._BATCH_LIMIT + 1)]
    async with writing(gate) as office:
        async with trio.open_nursery() as nursery:
            callers = Callers(office, nursery)
            for name in names:
                await callers.ask(name, insert, name)
            gate.opened.set()
        assert office.names() == names
        assert office.commits() == 3


async def test_a_caller_that_gave_up_harms_nobody(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing(gate) as office:
        with trio.move_on_after(5) as patience:
            await office.store.write(insert, "given up")
        assert patience.cancelled_caught
        gate.opened.set()
        await office.store.write(insert, "next")
        # It was on its way, and nobody could call it back.
        assert office.names() == ["given up", "next"]


async def test_closing_drains(
    writing: "StartWriter", gate: "Gate", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing(gate) as office:
        async with trio.open_nursery() as nursery:

            async def call(name: str) -> None:
                with office.store.clone() as own:
                    await own.write(insert, name)

            for name in "abc":
                nursery.start_soon(call, name)
                await wait_all_tasks_blocked()
            office.store.close()
            with pytest.raises(TransientError, match="the writer has ended"):
                await office.store.write(insert, "too late")
            gate.opened.set()
        await office.ended.wait()
        assert office.names() == ["a", "b", "c"]
        assert office.error is None


async def test_the_end_leaves_everything_in_the_file_itself(
    writing: "StartWriter", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing() as office:
        await office.store.write(insert, "a")
        assert office.log_bytes() > 0
        office.store.close()
        await office.ended.wait()
        assert office.log_bytes() == 0
        assert office.names_without_log() == ["a"]


async def test_an_idle_writer_brings_a_log_home_that_has_grown(
    writing: "StartWriter", insert: Insert, autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUIET_LOG_BYTES", 60_000)
    async with writing() as office:
        await office.store.write(insert, "a")
        await trio.sleep(100)
        assert not any("wal_checkpoint" in sql for sql in office.statements)
        await office.store.write(insert, "x" * 100_000)
        await trio.sleep(2)
        assert office.names_without_log() == ["a", "x" * 100_000]
        checkpoints = [sql for sql in office.statements if "wal_checkpoint" in sql]
        await trio.sleep(100)
        # Once is enough while nothing new is written.
        assert [sql for sql in office.statements if "wal_checkpoint" in sql] == checkpoints


async def test_a_long_log_is_brought_home_in_between(
    writing: "StartWriter", insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LOG_LIMIT_BYTES", 60_000)
    monkeypatch.setattr(writer, "_IDLE_S", 1000.0)
    async with writing() as office:
        await office.store.write(insert, "small")
        await wait_all_tasks_blocked()
        assert not any("wal_checkpoint" in sql for sql in office.statements)
        await office.store.write(insert, "x" * 100_000)
        await wait_all_tasks_blocked()
        assert office.names_without_log() == ["small", "x" * 100_000]


async def test_a_log_that_was_long_once_is_not_brought_home_for_ever(
    writing: "StartWriter", insert: Insert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LOG_LIMIT_BYTES", 60_000)
    monkeypatch.setattr(writer, "_IDLE_S", 1000.0)
    async with writing() as office:
        assert office.db.execute("PRAGMA journal_size_limit").fetchone()[0] == QUIET_LOG_BYTES
        office.db.execute("PRAGMA journal_size_limit = 60000")
        for name in ("x" * 100_000, *"abc"):
            await office.store.write(insert, name)
            await wait_all_tasks_blocked()
        assert sum("wal_checkpoint" in sql for sql in office.statements) == 1


async def test_a_checkpoint_that_fails_costs_nothing(
    writing: "StartWriter", insert: Insert, autojump_clock: MockClock
) -> None:
    async with writing() as office:
        office.db.execute("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(office.path, isolation_level=None)
        await office.store.write(insert, "a")
        other.execute("BEGIN")
        assert other.execute("SELECT COUNT(*) FROM things").fetchone() == (1,)
        await office.store.write(insert, "b")
        office.store.close()
        await office.ended.wait()
        other.close()
        assert office.error is None
        assert office.names() == ["a", "b"]


async def test_in_a_thread_of_its_own(writing: "StartWriter", insert: Insert) -> None:
    names = [f"n{number}" for number in range(50)]
    async with writing(in_threads(1)) as office:
        async with trio.open_nursery() as nursery:
            for name in names:
                nursery.start_soon(office.store.write, insert, name)
        assert sorted(office.names()) == sorted(names)
        assert office.commits() < len(names)
