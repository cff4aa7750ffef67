"""One process per database, by a lock that the system releases when the process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import DatabaseInUse, DatabaseRefused


@contextmanager
def owned(database: Path) -> Iterator[None]:
    """Own a database for the length of the block.

    The lock lies on a file beside it, which also tells the owner's process id; it is never removed,
    for between removal and a new lock a third process could slip in.

    Raises:
        DatabaseInUse: another process owns it.
        DatabaseRefused: the lock file cannot be made.
    """
    path = lock_path(database)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DatabaseRefused(f"{path}: {error.strerror}; the bot must be able to write there") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pid = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            raise DatabaseInUse(
                f"{database}: another process (pid {pid}) works with this database; stop it first"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def lock_path(database: Path) -> Path:
    """Return where the lock of a database lies."""
    return database.with_name(database.name + ".lock")


def socket_path(database: Path) -> Path:
    """Return where the process that owns a database can be asked to write."""
    return database.with_name(database.name + ".sock")
