"""Bringing a file to this schema, and leaving alone what is not ours."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from core.errors import DatabaseRefused, StorageBroken
from store.connection import open_for_writing
from store.migrations import migrate, recognise
from store.schema import APPLICATION_ID, MIGRATIONS

SECOND = ("a table of colours", "CREATE TABLE colours (name TEXT);\nINSERT INTO colours VALUES ('red');")
BROKEN = ("a mistake", "CREATE TABLE colours (name TEXT);\nINSERT INTO no_such_table VALUES (1);")
DANGLING = (
    "a reference to nothing",
    """CREATE TABLE parts (whole INTEGER REFERENCES sources (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO parts VALUES (99);""",
)
OLDER_BOT = """
CREATE TABLE history (id INTEGER PRIMARY KEY, normalized_url TEXT, url TEXT, image_hash TEXT, date_added TEXT,
    title TEXT, last_price REAL, message_id INTEGER, channel_id TEXT, template_type TEXT, views_24h INTEGER,
    deleted INTEGER);
CREATE TABLE queue (id INTEGER PRIMARY KEY, normalized_url TEXT, url TEXT, status TEXT, created_at TEXT,
    priority INTEGER, scheduled_time TEXT);
"""

Open = Callable[[], Database]


@pytest.fixture
def opened(database: Path) -> Iterator[Open]:
    """Open the database as the program does; closed in the end."""
    connections: list[Database] = []

    def open_it() -> Database:
        connections.append(open_for_writing(database))
        return connections[-1]

    yield open_it
    for each in connections:
        each.close()


def version(db: Database) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_a_fresh_file(opened: Open, database: Path) -> None:
    db = opened()
    assert recognise(db, database) == 0
    assert migrate(db, database, now_ms=5) == list(range(1, len(MIGRATIONS) + 1))
    assert recognise(db, database) == version(db) == len(MIGRATIONS)
    assert db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    recorded = [tuple(row) for row in db.execute("SELECT number, name, applied_ms FROM migrations")]
    assert recorded == [(number, name, 5) for number, (name, _) in enumerate(MIGRATIONS, start=1)]
    assert list(database.parent.glob("*before*")) == []


def test_a_file_of_this_version_is_left_alone(opened: Open, database: Path) -> None:
    migrate(opened(), database, now_ms=5)
    assert migrate(opened(), database, now_ms=6) == []


def test_a_later_migration_keeps_a_backup_of_the_file_with_its_data(opened: Open, database: Path) -> None:
    db = opened()
    migrate(db, database, now_ms=5)
    db.execute("INSERT INTO facts VALUES ('colour', 'blue')")
    added = len(MIGRATIONS) + 1
    assert migrate(db, database, now_ms=6, migrations=(*MIGRATIONS, SECOND)) == [added]
    assert db.execute("SELECT name FROM colours").fetchone()[0] == "red"
    assert version(db) == added
    backup = database.with_name(f"{database.name}.before-{added}")
    assert backup.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(backup) as copy:
        assert copy.execute("SELECT value FROM facts").fetchall() == [("blue",)]
        assert copy.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert copy.execute("SELECT name FROM sqlite_master WHERE name = 'colours'").fetchall() == []
    copy.close()


@pytest.mark.parametrize(
    ("migration", "error"), [(BROKEN, sqlite3.OperationalError), (DANGLING, StorageBroken)]
)
def test_a_migration_that_fails_leaves_the_old_version(
    migration: tuple[str, str], error: type[Exception], opened: Open, database: Path
) -> None:
    db = opened()
    migrate(db, database, now_ms=5)
    before = db.schema
    with pytest.raises(error):
        migrate(db, database, now_ms=6, migrations=(*MIGRATIONS, migration))
    assert (db.schema, version(db)) == (before, len(MIGRATIONS))
    # The next try begins from there.
    assert migrate(db, database, now_ms=7, migrations=(*MIGRATIONS, SECOND)) == [len(MIGRATIONS) + 1]


def test_of_two_migrations_the_first_stays_when_the_second_fails(opened: Open, database: Path) -> None:
    db = opened()
    first = ("first", "CREATE TABLE first (name TEXT);")
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, database, now_ms=5, migrations=(first, BROKEN))
    assert (version(db), db["first"].exists(), db["colours"].exists()) == (1, True, False)


def test_a_newer_file_is_refused(opened: Open, database: Path) -> None:
    db = opened()
    migrate(db, database, now_ms=5, migrations=(*MIGRATIONS, SECOND))
    with pytest.raises(DatabaseRefused, match="made by a newer version"):
        migrate(db, database, now_ms=6)


def test_a_foreign_file_is_refused(opened: Open, database: Path) -> None:
    db = opened()
    db.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(DatabaseRefused, match="some other program's database; change DATABASE_URL"):
        migrate(db, database, now_ms=5)
    assert db.table_names() == ["recipes"]


def test_a_foreign_file_with_a_table_named_like_ours(opened: Open, database: Path) -> None:
    db = opened()
    db.executescript("CREATE TABLE history (id INTEGER); CREATE TABLE queue (id INTEGER);")
    with pytest.raises(DatabaseRefused, match="some other program's"):
        recognise(db, database)


def test_an_older_bots_file_is_recognised(opened: Open, database: Path) -> None:
    db = opened()
    db.executescript(OLDER_BOT)
    with pytest.raises(DatabaseRefused, match="migrate --chat CHAT` to adopt it"):
        migrate(db, database, now_ms=5)
    assert sorted(db.table_names()) == ["history", "queue"]


def test_a_damaged_file_is_refused(opened: Open, database: Path) -> None:
    db = opened()
    migrate(db, database, now_ms=5)
    db.execute("INSERT INTO facts VALUES ('much', zeroblob(40000))")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    content = bytearray(database.read_bytes())
    content[-3 * 4096 :] = b"\x5a" * 3 * 4096
    database.write_bytes(content)
    with pytest.raises(StorageBroken, match=r"damaged \(.*\); restore a backup"):
        recognise(opened(), database)


def test_a_file_whose_schema_cannot_be_read(opened: Open, database: Path) -> None:
    db, other = opened(), opened()
    migrate(other, database, now_ms=5)
    other.execute("PRAGMA writable_schema = ON")
    other.execute("UPDATE sqlite_master SET sql = 'nonsense' WHERE name = 'history'")
    with pytest.raises(StorageBroken, match="malformed database schema"):
        recognise(db, database)
