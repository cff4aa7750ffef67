"""Restoring a backup without repeating what was posted since it was made."""

import gzip
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from core.errors import DatabaseRefused, StorageBroken
from store import audit
from store.connection import open_for_reading, open_for_writing
from store.migrations import back_up, migrate, recognise

Since = Literal["hold", "posted", "post"]
"""What becomes of links that may have been posted after the backup was made."""

_GZIP = b"\x1f\x8b"
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds.

    Attributes:
        schema: version of its schema.
        links: rows of `history`.
        subscriptions: those that are active.
        waiting: posts that had not gone out.
        last_post_ms: when it last began to post something, or None.
    """

    schema: int
    links: int
    subscriptions: int
    waiting: int
    last_post_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What restoring did; `aside` is the file that was replaced, if there was one."""

    backup: Backup
    aside: Path | None
    settled: int
    """Posts that waited when the backup was made, and do so no more."""


def verify(path: Path) -> Backup:
    """Look at a backup without changing anything: whose it is, its schema, every page, every reference.

    Raises:
        DatabaseRefused: it is missing, empty, foreign, or from a newer version.
        StorageBroken: it is damaged.
    """
    draft = path.with_name(f"{path.name}.verifying")
    try:
        return _verify(_unpacked(path, draft))
    finally:
        _remove(draft)


def restore(path: Path, target: Path, *, since: Since, now_ms: int) -> Restored:
    """Put a backup in the place of the database, whose owner the caller is.

    Until the last step, whatever ends the process, the present file stays as it is; it is kept aside.

    Raises:
        DatabaseRefused: the backup is no good, or is the database itself.
        StorageBroken: it is damaged.
    """
    if path.exists() and target.exists() and path.samefile(target):
        raise DatabaseRefused(f"{path}: this is the database itself")
    fresh = target.with_name(f"{target.name}.restoring")
    _remove(fresh)
    try:
        if _unpacked(path, fresh) == path:
            with closing(open_for_reading(path)) as source:
                back_up(source, fresh)
        backup = _verify(fresh)
        with closing(open_for_writing(fresh)) as db:
            migrate(db, fresh, now_ms=now_ms)
            with db.atomic():
                settled = _judge_what_came_since(db, since, now_ms)
                audit.note_terminal(db, words=f"restore {path.name}", chat_id=None, now_ms=now_ms)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _settle(fresh)
        aside = _put_aside(target)
        fresh.replace(target)
        _settle(target.parent)
    finally:
        _remove(fresh)
    return Restored(backup=backup, aside=aside, settled=settled)


def _verify(path: Path) -> Backup:
    with closing(open_for_reading(path)) as db:
        version = recognise(db, path)
        if version == 0:
            raise DatabaseRefused(f"{path}: empty")
        try:
            damage = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            dangling = db.execute("PRAGMA foreign_key_check").fetchone()
            if damage != "ok" or dangling is not None:
                raise StorageBroken(f"{path}: damaged; take another backup")
            return Backup(
                schema=version,
                links=_count(db, "SELECT COUNT(*) FROM history"),
                subscriptions=_count(db, "SELECT COUNT(*) FROM subscriptions WHERE state = 'active'"),
                waiting=_count(db, "SELECT COUNT(*) FROM queue WHERE state IN ('pending', 'sending')"),
                last_post_ms=db.execute("SELECT MAX(started_ms) FROM posts").fetchone()[0],
            )
        except sqlite3.DatabaseError as error:
            raise StorageBroken(f"{path}: {error}; take another backup") from None


def _judge_what_came_since(db: Database, since: Since, now_ms: int) -> int:
    """Settle what may have been posted after the backup; return how many waiting posts that concerns.

    `posted`: what sources show at their next poll counts as posted, as if seen for the first time, and so
    does what waited. `hold`: both are held, and the owner is asked once about all of it. `post`: both are
    posted. A post that was under way is looked for in its chat, whatever was chosen.
    """
    db.execute("UPDATE sources SET next_check_ms = MIN(next_check_ms, ?), lease_owner = NULL", (now_ms,))
    if since == "post":
        return 0
    if since == "posted":
        db.execute(
            """UPDATE subscriptions SET primed_ms = NULL, backlog = 'none', broken_looks = 0
            WHERE state = 'active'"""
        )
        state = "dropped"
    else:
        db.execute("UPDATE sources SET hold_next = 'since_backup'")
        state = "held"
    return db.execute(
        """UPDATE queue SET state = ?, reason = 'since_backup', state_ms = ?, lease_owner = NULL
        WHERE state = 'pending'""",
        (state, now_ms),
    ).rowcount


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def _unpacked(path: Path, draft: Path) -> Path:
    """Return the file itself, or where it was unpacked to."""
    if not path.is_file():
        raise DatabaseRefused(f"{path}: no such file")
    if not _is_packed(path):
        return path
    try:
        with gzip.open(path) as packed, draft.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    except (OSError, EOFError) as error:
        raise StorageBroken(f"{path}: cannot be unpacked ({error}); take another backup") from None
    return draft


def _put_aside(target: Path) -> Path | None:
    """Keep the present file, with what is in its log, under a name of its own."""
    if not target.exists():
        return None
    number = 1
    while (aside := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    os.link(target, aside)
    for suffix in _BESIDE:
        beside = target.with_name(target.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    return aside


def _count(db: Database, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    for suffix in ("", *_BESIDE):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
