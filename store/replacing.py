"""A database file that is replaced by a new one as a whole, or stays what it is."""

import filecmp
import itertools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from core.errors import DatabaseInUse, StorageBroken
from store.connection import open_for_writing
from store.migrations import migrate

_WAIT_S = 5.0
_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """An old database to read from, and an empty one of this program's schema to fill."""

    old: sqlite3.Connection
    new: Database
    backup: Path
    """A copy of the old one, which stays."""


@contextmanager
def replaced(path: Path, *, now_ms: int) -> Iterator[Replacement]:
    """Fill a new file; when the block is through, it takes the place of the old one in one step.

    Until then, whatever ends the block or the process, the old file stays as it is. Nobody else can
    write to it meanwhile.

    Raises:
        DatabaseInUse: another program has the file open.
        StorageBroken: the file is damaged.
    """
    new_path = path.with_name(f"{path.name}.adopting")
    _remove(new_path)
    with closing(_alone_with(path)) as old:
        backup = _back_up(old, path)
        try:
            new = open_for_writing(new_path)
            try:
                migrate(new, new_path, now_ms=now_ms)
                yield Replacement(old=old, new=new, backup=backup)
                new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                new.close()
            _settle(new_path)
            new_path.replace(path)  # the old file has no log beside it that could be taken for the new one's
            _settle(path.parent)
        except BaseException:
            _remove(new_path)
            raise


def _alone_with(path: Path) -> sqlite3.Connection:
    """Open a file that nobody else can open until the connection is closed, its log worked in."""
    old = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
    old.row_factory = sqlite3.Row
    old.text_factory = lambda text: text.decode(errors="replace")
    try:
        old.execute("PRAGMA journal_mode = DELETE")
        # In this mode the lock of one transaction stays when it ends.
        old.execute("PRAGMA locking_mode = EXCLUSIVE")
        old.execute("BEGIN EXCLUSIVE")
        old.execute("COMMIT")
        damage = old.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        old.close()
        raise DatabaseInUse(f"{path}: {error}; stop the older bot first") from None
    except sqlite3.DatabaseError as error:
        old.close()
        raise StorageBroken(f"{path}: {error}; restore a copy of it") from None
    if damage != "ok":
        old.close()
        raise StorageBroken(f"{path}: damaged ({' '.join(str(damage).split())}); restore a copy of it")
    return old


def _back_up(old: sqlite3.Connection, path: Path) -> Path:
    """Copy the old file beside itself, unless an earlier try has; no other copy is overwritten."""
    draft = path.with_name(f"{path.name}.copying")
    _remove(draft)
    with closing(sqlite3.connect(draft)) as copy:
        draft.chmod(0o600)
        old.backup(copy)
    _settle(draft)
    for number in itertools.count(1):
        backup = path.with_name(f"{path.name}.before-adoption" + (f"-{number}" if number > 1 else ""))
        if not backup.exists():
            draft.replace(backup)
            break
        if filecmp.cmp(draft, backup, shallow=False):
            draft.unlink()
            break
    return backup


def _settle(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    for suffix in _BESIDE:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
