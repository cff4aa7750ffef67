"""Opening the database."""

import sqlite3
import sys
from pathlib import Path

import pytest

from core.errors import DatabaseRefused, StorageBroken
from store.connection import open_for_reading, open_for_writing
from store.migrations import migrate


def test_the_file_is_private(database: Path) -> None:
    open_for_writing(database).close()
    assert database.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_open_to_others_becomes_private(database: Path) -> None:
    database.touch(mode=0o644)
    open_for_writing(database).close()
    assert database.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
        ("wal_autocheckpoint", 0),
        ("cache_size", -8192),
        ("temp_store", 2),
    ],
)
def test_pragmas(pragma: str, value: object, database: Path) -> None:
    db = open_for_writing(database)
    assert db.execute(f"PRAGMA {pragma}").fetchone()[0] == value
    db.close()


@pytest.mark.skipif(sys.platform != "linux", reason="open files are looked up in /proc")
def test_what_a_savepoint_may_take_back_needs_no_file(database: Path) -> None:
    db = open_for_writing(database)
    migrate(db, database, now_ms=0)
    db.execute("CREATE TABLE wide (text TEXT)")
    db.conn.executemany("INSERT INTO wide VALUES (?)", [("x" * 2000,)] * 500)
    db.execute("BEGIN")
    db.execute("SAVEPOINT request")

    db.execute("UPDATE wide SET text = 'y' || text")

    # The listing itself is open only while it is made.
    links = [file.readlink() for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    db.execute("ROLLBACK TO request")
    assert db.execute("SELECT COUNT(*) FROM wide WHERE text LIKE 'y%'").fetchone()[0] == 0
    db.close()
    assert database in links
    assert [file for file in links if "etilqs" in file.name] == []


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DatabaseRefused, match="no such folder; create it or change DATABASE_URL"):
        open_for_writing(tmp_path / "missing" / "bot.db")


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(DatabaseRefused, match="the bot must be able to write there"):
        open_for_writing(tmp_path)


def test_an_old_sqlite(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 37, 2))
    with pytest.raises(DatabaseRefused, match="too old"):
        open_for_writing(database)
    assert not database.exists()


def test_what_is_no_database(database: Path) -> None:
    database.write_bytes(b"no database at all" * 100)
    for opening in (open_for_writing, open_for_reading):
        with pytest.raises(StorageBroken, match="restore a backup"):
            opening(database)
    assert database.read_bytes() == b"no database at all" * 100


def test_reading_what_is_not_there(database: Path) -> None:
    with pytest.raises(DatabaseRefused, match="no such database yet"):
        open_for_reading(database)
    assert not database.exists()


def test_readers_see_what_is_committed_and_write_nothing(database: Path) -> None:
    writer = open_for_writing(database)
    writer.execute("CREATE TABLE things (name TEXT)")
    reader = open_for_reading(database)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO things VALUES ('one')")
    assert reader.execute("SELECT COUNT(*) FROM things").fetchone()[0] == 0
    writer.execute("COMMIT")
    assert reader.execute("SELECT name FROM things").fetchone()["name"] == "one"
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM things")
    reader.close()
    writer.close()


def test_names_that_mean_something_in_an_address(tmp_path: Path) -> None:
    path = tmp_path / "a b?c#d%41.db"
    writer = open_for_writing(path)
    writer.execute("CREATE TABLE things (name TEXT)")
    reader = open_for_reading(path)
    assert reader.table_names() == ["things"]
    reader.close()
    writer.close()
    assert path.exists()
