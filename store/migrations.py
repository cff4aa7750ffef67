"""Bringing a database file to this program's schema, and refusing those that are not for it."""

import shlex
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from core.errors import DatabaseRefused, StorageBroken
from core.urls.normalize import host_of
from store import soundness
from store.connection import open_for_reading
from store.schema import APPLICATION_ID, MIGRATIONS

_LEDGER = """
CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_ms INTEGER NOT NULL
)"""


def migrate(
    db: Database, path: Path, *, now_ms: int, migrations: Sequence[tuple[str, str]] = MIGRATIONS
) -> list[int]:
    """Apply what is missing, each migration in a transaction of its own, a backup before the first.

    The file is looked through for damage where that is due (`store.soundness`).

    Returns:
        The numbers of the migrations applied.

    Raises:
        DatabaseRefused: the file is foreign, an older bot's, or from a newer version.
        StorageBroken: the file is damaged.
    """
    whole = soundness.must_be_looked_through(db, now_ms=now_ms)
    version = recognise(db, path, newest=len(migrations), whole=whole)
    db.conn.create_function("host_of", 1, host_of, deterministic=True)
    applied = []
    if 0 < version < len(migrations):
        back_up(db, copy_before(path, version + 1))
    # An index of a long history is sorted in a file, which small machines have more of than memory.
    db.execute("PRAGMA temp_store = FILE")
    for number, (name, script) in enumerate(migrations, start=1):
        if number > version:
            _apply(db, number, name, script, now_ms)
            applied.append(number)
    db.execute("PRAGMA temp_store = MEMORY")
    if whole and version:
        soundness.note_looked_through(db, now_ms=now_ms)
    return applied


def is_older_bots(path: Path) -> bool:
    """Return whether a file is the database of an older bot, which `older_bot` can take over.

    Raises:
        DatabaseRefused: there is no such file.
        StorageBroken: it is no database.
    """
    with closing(open_for_reading(path)) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        return not ours and _is_older_bot(db, tables)


def refuse_strangers(path: Path) -> None:
    """Look at a file without touching it, before it is opened for writing.

    Raises:
        DatabaseRefused: the file is foreign, an older bot's, or from a newer version.
        StorageBroken: the file is no database.
    """
    if path.exists() and path.stat().st_size:
        with closing(open_for_reading(path)) as db:
            recognise(db, path, whole=False)


def recognise(db: Database, path: Path, *, newest: int = len(MIGRATIONS), whole: bool = True) -> int:
    """Return the schema version of a file that this program may work with; 0 is an empty file.

    `whole` also looks for damage, which takes a while on a large file.

    Raises:
        DatabaseRefused: the file is foreign, an older bot's, or from a newer version.
        StorageBroken: the file is damaged.
    """
    try:
        application_id = db.execute("PRAGMA application_id").fetchone()[0]
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        damage = db.execute("PRAGMA quick_check(1)").fetchone()[0] if whole else "ok"
    except sqlite3.DatabaseError as error:
        raise StorageBroken(f"{path}: {error}; restore a backup, or move the file away") from error
    if damage != "ok":
        said = " ".join(str(damage).split())
        raise StorageBroken(f"{path}: damaged ({said}); restore a backup, or move the file away")
    if application_id == APPLICATION_ID:
        if version > newest:
            raise DatabaseRefused(
                f"{path}: made by a newer version (schema {version}, this one knows {newest}); "
                f"update the program, or restore a backup from before its update{_restoring(path, newest)}"
            )
        return version
    if not tables:
        return 0
    if _is_older_bot(db, tables):
        raise DatabaseRefused(
            f"{path}: an older bot's database; run `python run.py migrate --chat CHAT` to adopt it"
        )
    raise DatabaseRefused(f"{path}: some other program's database; change DATABASE_URL")


def _is_older_bot(db: Database, tables: set[str]) -> bool:
    if not {"history", "queue"} <= tables:
        return False
    columns = {row[1] for row in db.execute("PRAGMA table_info(history)")}
    return {"normalized_url", "date_added", "template_type"} <= columns


def _restoring(path: Path, newest: int) -> str:
    """Return the command that goes back to the newest copy that this version can read, if there is one."""
    copies = (copy_before(path, number) for number in range(newest + 1, 1, -1))
    found = next((copy for copy in copies if copy.exists()), None)
    return "" if found is None else f": python run.py restore {shlex.quote(str(found))}"


def copy_before(path: Path, number: int) -> Path:
    """Return where a file is kept as it was before this migration."""
    return path.with_name(f"{path.name}.before-{number}")


def back_up(db: Database, target: Path) -> None:
    """Copy a database as it is now into a private file."""
    with sqlite3.connect(target) as copy:
        db.conn.backup(copy)
    copy.close()
    target.chmod(0o600)


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script, those of triggers whole."""
    text = ""
    for part in script.split(";"):
        text += f"{part};"
        if sqlite3.complete_statement(text):
            yield text
            text = ""


def _apply(db: Database, number: int, name: str, script: str, now_ms: int) -> None:
    with db.atomic():
        for statement in _statements(script):
            db.execute(statement)
        db.execute(_LEDGER)
        db.execute("INSERT INTO migrations VALUES (?, ?, ?)", (number, name, now_ms))
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {number}")
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StorageBroken(
                f"migration {number} leaves {len(broken)} dangling references; nothing changed"
            )
