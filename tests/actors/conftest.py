"""A writer on a real file, its store, and a look at what it commits."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trio
from sqlite_utils import Database

from actors import writer
from actors.running import inline
from core.errors import StorageBroken
from store.client import Runner, Store, WriteRequest
from store.connection import open_for_reading, open_for_writing


@dataclass
class Office:
    """A writer at work, seen from outside."""

    path: Path
    db: Database
    store: Store
    ended: trio.Event = field(default_factory=trio.Event)
    error: StorageBroken | None = None
    statements: list[str] = field(default_factory=list)

    def commits(self) -> int:
        return self.statements.count("COMMIT")

    def names(self, path: Path | None = None) -> list[str]:
        """Return what another connection sees."""
        with sqlite3.connect(path or self.path) as other:
            rows = other.execute("SELECT name FROM things ORDER BY rowid").fetchall()
        other.close()
        return [name for (name,) in rows]

    def names_without_log(self) -> list[str]:
        """Return what stands in the file itself, as a copy of that file alone would show it."""
        copy = self.path.with_name("copy.db")
        copy.write_bytes(self.path.read_bytes())
        return self.names(copy)

    def log_bytes(self) -> int:
        log = Path(f"{self.path}-wal")
        return log.stat().st_size if log.exists() else 0


@dataclass
class Gate:
    """A runner that lets work wait until it is opened, so that requests gather behind it."""

    opened: trio.Event = field(default_factory=trio.Event)
    waiting: trio.Event = field(default_factory=trio.Event)

    async def __call__(self, work: Callable[[], Any], /) -> Any:
        self.waiting.set()
        await self.opened.wait()
        return await inline(work)


StartWriter = Callable[..., AbstractAsyncContextManager[Office]]


def put(db: Database, name: str) -> str:
    """Store a name, as any store function would; returns it."""
    db.execute("INSERT INTO things VALUES (?)", (name,))
    return name


@pytest.fixture
def insert() -> Callable[[Database, str], str]:
    return put


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def writing(tmp_path: Path) -> StartWriter:
    """Run a writer for the length of a block."""

    @asynccontextmanager
    async def start(
        run_work: Runner = inline, clock: Callable[[], float] = lambda: 0.0
    ) -> AsyncIterator[Office]:
        path = tmp_path / "bot.db"
        db = open_for_writing(path)
        db.execute("CREATE TABLE things (name TEXT UNIQUE REFERENCES things (name))")
        reader = open_for_reading(path)
        send, receive = trio.open_memory_channel[WriteRequest](0)
        office = Office(path, db, Store(send, reader, inline))
        db.conn.set_trace_callback(office.statements.append)

        async def serve(*, task_status: trio.TaskStatus[None]) -> None:
            try:
                await writer.run(db, receive, run_work, clock=clock, task_status=task_status)
            except StorageBroken as error:
                office.error = error
            office.ended.set()

        try:
            async with trio.open_nursery() as nursery:
                await nursery.start(partial(serve))
                with office.store:
                    yield office
        finally:
            reader.close()

    return start
