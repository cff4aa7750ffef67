"""Backups: a copy of the database as it is at one moment, checked, compressed, in place in one step.

The file is the SQLite database, compressed by gzip (RFC 1952); under a name that does not end in `.gz`
it is the plain database. It is taken beside whoever writes: through SQLite's backup interface in steps,
from a snapshot of the log (https://www.sqlite.org/backup.html).
"""

import gzip
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from core import backups
from core.errors import BackupFailed
from store.connection import open_for_reading

_PAGES_A_STEP = 500
_PIECE_BYTES = 2**20
_LEVEL = 5
_SPARE_BYTES = 32 * 2**20

Progress = Callable[[int, int], None]
"""Told how many bytes of how many are worked through; what it raises ends the backup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that lies in its place."""

    path: Path
    size_bytes: int


def make(database: Path, target: Path, *, progress: Progress) -> Backup:
    """Back a database up to a file that does not exist yet. Readers and the writer go on meanwhile.

    Raises:
        BackupFailed: there is no room, the copy is damaged, or the system refuses.
        DatabaseRefused, StorageBroken: it is no database.
    """
    draft = target.with_name(target.name + backups.DRAFT)
    packed = target.with_name(target.name + ".gz" + backups.DRAFT)
    try:
        _need_room(database, target.parent)
        _copy(database, draft, progress)
        _check(draft)
        ready = draft
        if target.suffix == ".gz":
            _compress(draft, packed, progress)
            ready = packed
        _settle(ready)
        ready.replace(target)
        _settle(target.parent)
        return Backup(path=target, size_bytes=target.stat().st_size)
    except OSError as error:
        raise BackupFailed("system", said=f"{target.parent}: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise BackupFailed("system", said=str(error)) from error
    finally:
        for path in (draft, packed):
            with suppress(OSError):  # the error under way says more
                path.unlink()


def prune(folder: Path, database: str, *, keep: int) -> int:
    """Remove the oldest backups of a database; return how many are left. Other files are left alone."""
    for name in backups.to_remove(database, names(folder), keep=keep):
        (folder / name).unlink(missing_ok=True)
    return sum(backups.taken_ms(database, name) is not None for name in names(folder))


def names(folder: Path) -> list[str]:
    """Return the names of a folder's files; none if there is no such folder."""
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def _need_room(database: Path, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    needed = 2 * sum(path.stat().st_size for path in _files(database)) + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupFailed(
            "no_room", folder=str(folder), needed=f"{needed // 2**20} MiB", free=f"{free // 2**20} MiB"
        )


def _files(database: Path) -> list[Path]:
    log = database.with_name(database.name + "-wal")
    return [path for path in (database, log) if path.exists()]


def _copy(database: Path, draft: Path, progress: Progress) -> None:
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
    with (
        closing(open_for_reading(database)) as db,
        closing(sqlite3.connect(draft, isolation_level=None)) as copy,
    ):
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        page_bytes = db.execute("PRAGMA page_size").fetchone()[0]
        # Without a transaction of its own each step would see what was committed meanwhile, and the
        # copy would begin anew with every commit.
        db.execute("BEGIN")
        db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()

        def step(_status: int, remaining: int, total: int) -> None:
            progress((total - remaining) * page_bytes, 2 * total * page_bytes)

        db.conn.backup(copy, pages=_PAGES_A_STEP, progress=step)


def _check(draft: Path) -> None:
    uri = f"{draft.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as copy:
        try:
            said = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            said = str(error)
    if said != "ok":
        raise BackupFailed("damaged", said=" ".join(str(said).split()))


def _compress(draft: Path, packed: Path, progress: Progress) -> None:
    size = draft.stat().st_size
    descriptor = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with (
        draft.open("rb") as plain,
        open(descriptor, "wb") as raw,  # noqa: PTH123 - by descriptor, for the mode
        gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as out,
    ):
        done = 0
        while piece := plain.read(_PIECE_BYTES):
            out.write(piece)
            done += len(piece)
            progress(size + done, 2 * size)


def _settle(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
