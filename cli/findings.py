"""What the doctor finds on this machine: disk, database, backups. Each that is not well says what to do."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from cli.reading import read_only
from core import backups
from core.disk import is_low
from core.durations import format_duration
from core.errors import VestnikError
from core.settings import Settings
from core.upkeep_words import format_size
from core.words import say
from store.backups import names
from store.schema import MIGRATIONS

_LATE = 3
"""Times BACKUP_EVERY: a backup that is older says that none are made any more."""
_RESTORE = "stop the bot and restore a backup: python run.py restore FILE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    subject: str
    well: bool
    text: str


def on_this_machine(settings: Settings, *, now_ms: int) -> Iterator[Finding]:
    """Look at everything that needs no network."""
    yield _disk(settings)
    if not settings.database_path.exists():
        text = f"{settings.database_path}: none yet, the first run makes it"
        yield Finding("database", well=True, text=text)
        return
    try:
        with read_only(settings) as db:
            yield from _database(db.conn)
    except (VestnikError, sqlite3.DatabaseError) as error:
        yield Finding("database", well=False, text=str(error))
    if settings.backup_every:
        yield _backup(settings, now_ms)


def _disk(settings: Settings) -> Finding:
    folder = settings.database_path.absolute().parent
    if not folder.is_dir():
        return Finding("disk", well=False, text=f"{folder}: no such folder; create it or change DATABASE_URL")
    free = shutil.disk_usage(folder).free
    size = settings.database_path.stat().st_size if settings.database_path.exists() else 0
    low = is_low(free_bytes=free, database_bytes=size, was_low=False)
    hint = "; make room: when it is full nothing is posted" if low else ""
    return Finding("disk", well=not low, text=f"{format_size(free)} free in {folder}{hint}")


def _database(db: sqlite3.Connection) -> Iterator[Finding]:
    yield _schema(db)
    damage = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    said = "; ".join(" ".join(line.split()) for line in damage)
    yield Finding("integrity", well=not damage, text=f"{said}; {_RESTORE}" if damage else "sound")
    dangling = len(db.execute("PRAGMA foreign_key_check").fetchall())
    hint = f"; somebody else wrote there: {_RESTORE}" if dangling else ""
    yield Finding("references", well=not dangling, text=f"{dangling} dangling{hint}")
    yield _count(
        db,
        "duplicates",
        "SELECT COUNT(*) FROM (SELECT 1 FROM history GROUP BY normalized_url HAVING COUNT(*) > 1)",
    )
    yield _count(
        db,
        "repeated posts",
        """SELECT COUNT(*) FROM (SELECT 1 FROM queue WHERE state = 'sent'
        GROUP BY chat_id, scope, history_id, edition HAVING COUNT(*) > 1)""",
    )
    yield _held(db)


def _schema(db: sqlite3.Connection) -> Finding:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    row = db.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'history'").fetchone()
    unique = row is not None and "normalized_url TEXT NOT NULL UNIQUE" in row[0]
    text = f"version {version} of {len(MIGRATIONS)}, keys of links are unique"
    if not unique:
        text = f"history.normalized_url is not UNIQUE; somebody changed it: {_RESTORE}"
    return Finding("schema", well=unique, text=text)


def _held(db: sqlite3.Connection) -> Finding:
    rows = db.execute(
        """SELECT COALESCE(reason, state), COUNT(*) FROM queue WHERE state IN ('held', 'uncertain')
        GROUP BY 1"""
    ).fetchall()
    text = ", ".join(f"{count} {say(reason)}" for reason, count in rows)
    return Finding("held", well=True, text=text or "nothing is held or uncertain")


def _count(db: sqlite3.Connection, subject: str, sql: str) -> Finding:
    count = db.execute(sql).fetchone()[0]
    hint = f"; this cannot happen by itself, please report it; {_RESTORE}" if count else ""
    return Finding(subject, well=count == 0, text=f"{subject} = {count}{hint}")


def _backup(settings: Settings, now_ms: int) -> Finding:
    folder, database = settings.backup_folder, settings.database_path.name
    taken = [at for name in names(folder) if (at := backups.taken_ms(database, name)) is not None]
    if not taken:
        return Finding("backup", well=True, text=f"none yet in {folder}; a bot that runs makes them")
    age_s = max(0.0, (now_ms - max(taken)) / 1000)
    late = age_s > _LATE * settings.backup_every
    hint = "; does the bot run? its log says why there is no newer one" if late else ""
    return Finding("backup", well=not late, text=f"the newest is {format_duration(age_s)} old{hint}")
