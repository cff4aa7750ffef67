"""Opening the database: safe pragmas, private file mode, read-only connections for displays."""

import os
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from core.errors import DatabaseRefused, StorageBroken

_BUSY_TIMEOUT_MS = 5_000
_OLDEST_SQLITE = (3, 38, 0)
_CACHE_KIB = 8 * 1024
LOG_LIMIT_BYTES = 16 * 2**20
"""A longer log is checkpointed between two batches."""
QUIET_LOG_BYTES = 2**20
"""A longer one when nobody asks for anything. It is what a start after a crash has to read."""


def open_for_writing(path: Path) -> Database:
    """Open the one read-write connection, creating the file with mode 0600 if it is missing.

    Raises:
        DatabaseRefused: the folder is missing or not writable, or SQLite is too old.
        StorageBroken: the file is no database, or damaged.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise DatabaseRefused(f"SQLite {sqlite3.sqlite_version} is too old: 3.38 or newer is needed")
    _make_private(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        # A lost `sent` mark would be a repeated post; in group commit the extra fsync costs little.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        # So much the upper levels of the indexes of a million links take, which every poll goes through.
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        # What a savepoint may have to take back, a page at a time: in a file it would be written once more
        # with each batch that brings news, and cannot be where nothing but the database may be written.
        connection.execute("PRAGMA temp_store = MEMORY")
        # The writer checkpoints itself, between batches.
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        # A checkpoint leaves the log as long as it was; a log that is started anew is cut to this, so that
        # its length tells again how much is in it.
        connection.execute(f"PRAGMA journal_size_limit = {QUIET_LOG_BYTES}")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _explained(path, error) from error
    return _database(connection)


def open_for_reading(path: Path) -> Database:
    """Open a connection that cannot write.

    Raises:
        DatabaseRefused: there is no such file.
        StorageBroken: it is no database.
    """
    if not path.exists():
        raise DatabaseRefused(f"{path}: no such database yet; `python run.py` or `add` creates it")
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # for what is sorted: perhaps nothing may be written
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _explained(path, error) from error
    return _database(connection)


def _database(connection: sqlite3.Connection) -> Database:
    connection.row_factory = sqlite3.Row
    return Database(connection, execute_plugins=False)


def _make_private(path: Path) -> None:
    if not path.parent.is_dir():
        raise DatabaseRefused(f"{path.parent}: no such folder; create it or change DATABASE_URL")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DatabaseRefused(f"{path}: {error.strerror}; the bot must be able to write there") from None
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _explained(path: Path, error: sqlite3.DatabaseError) -> StorageBroken:
    return StorageBroken(f"{path}: {error}; restore a backup, or move the file away to start afresh")
