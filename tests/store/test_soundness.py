"""When a file is looked through for damage: not by each `once` of a cron job, which would read all of it."""

from contextlib import closing
from pathlib import Path

import pytest

from core.errors import StorageBroken
from store import processes
from store.connection import open_for_writing
from store.migrations import migrate

NOW_MS = 1_800_000_000_000
DAY_MS = 24 * 3_600_000


def _live(database: Path, *, now_ms: int = NOW_MS, ends: bool = True) -> None:
    """Open a database as the program does, write to it, and close it."""
    with closing(open_for_writing(database)) as db:
        migrate(db, database, now_ms=now_ms)
        boot_id = f"boot-{db.execute('SELECT COUNT(*) FROM processes').fetchone()[0]}"
        processes.begin(db, boot_id=boot_id, pid=1, now_ms=now_ms)
        if ends:
            processes.end(db, boot_id=boot_id, now_ms=now_ms)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _damage(database: Path) -> None:
    """Write over pages of the file that an ordinary start does not need."""
    with closing(open_for_writing(database)) as db:
        db.execute("INSERT INTO facts VALUES ('much', zeroblob(40000))")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    content = bytearray(database.read_bytes())
    content[-3 * 4096 :] = b"\x5a" * 3 * 4096
    database.write_bytes(content)


def test_a_file_that_was_closed_in_order_is_trusted_for_a_day(database: Path) -> None:
    _live(database)
    _live(database)
    _damage(database)
    _live(database, now_ms=NOW_MS + DAY_MS - 1)
    with pytest.raises(StorageBroken, match="damaged"):
        _live(database, now_ms=NOW_MS + DAY_MS)


def test_a_file_that_a_process_left_open_is_not(database: Path) -> None:
    _live(database)
    _live(database)
    _live(database, ends=False)
    _damage(database)
    with pytest.raises(StorageBroken, match="damaged"):
        _live(database, now_ms=NOW_MS + 1)


def test_nor_is_one_from_the_future(database: Path) -> None:
    _live(database)
    _live(database)
    _damage(database)
    with pytest.raises(StorageBroken, match="damaged"):
        _live(database, now_ms=NOW_MS - 1)


def test_nor_one_in_which_nothing_ran_yet(database: Path) -> None:
    for _ in range(2):
        with closing(open_for_writing(database)) as db:
            migrate(db, database, now_ms=NOW_MS)
    _damage(database)
    with pytest.raises(StorageBroken, match="damaged"):
        _live(database, now_ms=NOW_MS + 1)
