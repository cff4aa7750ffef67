"""The audit log: who changed what, when, and in which chat.

Handlers do not write it. What somebody does is an `Act`; a store that is asked while one is `acting` writes
it down in the transaction that changes something, so that nothing is in the log that did not happen, and
nothing happened that is not in it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeVar

from sqlite_utils import Database

_R = TypeVar("_R")

Kind = Literal["command", "answer", "press", "terminal"]

MOST_ROWS = 100_000
KEPT_MS = 90 * 86_400_000
_FORGOTTEN_AT_ONCE = 500
_REPEATED_MS = 3_600_000

BOOKKEEPING = frozenset(
    {
        "chats.ensure",
        "conversations.answered",
        "conversations.ask",
        "conversations.call_off",
        "patience._flood",
        "sent_posts.remember",
        "templates.propose",
    }
)
"""Writes, by their names, that change nothing of what people have set or see."""


@dataclass(slots=True, kw_only=True)
class Act:
    """Something that somebody does. `told` is in the log already: one line for each act, not for each write.

    Attributes:
        user_id: None: nobody knows, as at the terminal, or for one who writes as a group.
        chat_id: where it was written or pressed.
        words: what was written, or what stands on the button.
    """

    kind: Kind
    user_id: int | None
    chat_id: int | None
    words: str
    now_ms: int
    told: bool = False


_ACT: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def acting(act: Act) -> Iterator[None]:
    """Let what is written in the block, by this task, be the doing of somebody."""
    before = _ACT.set(act)
    try:
        yield
    finally:
        _ACT.reset(before)


def current(name: str) -> Act | None:
    """Return whose doing a write of this name is, if that is still to be told."""
    act = _ACT.get()
    return None if act is None or act.told or name in BOOKKEEPING else act


def told(db: Database, act: Act, work: Callable[[Database], _R]) -> tuple[_R, bool]:
    """Do something, and note who did if that changed anything; return its result and whether it did.

    What notes in words of its own what it does is not noted twice, nor is what repeats the last entry: who
    presses a button hundreds of times pushes nothing out of the log.
    """
    changes, newest = db.conn.total_changes, _newest(db)
    result = work(db)
    if db.conn.total_changes == changes:
        return result, False
    if _newest(db) == newest and not _repeats(db, newest, act):
        note(db, act)
    return result, True


def note(db: Database, act: Act) -> None:
    """Add an act to the log."""
    db.execute(
        "INSERT INTO audit (at_ms, user_id, chat_id, action, args) VALUES (?, ?, ?, ?, ?)",
        (act.now_ms, act.user_id, act.chat_id, act.kind, json.dumps({"words": act.words})),
    )


def note_terminal(db: Database, *, words: str, chat_id: int | None, now_ms: int) -> None:
    """Add to the log what a command of the terminal did."""
    note(db, Act(kind="terminal", user_id=None, chat_id=chat_id, words=words, now_ms=now_ms))


def forget(db: Database, *, now_ms: int, most: int = MOST_ROWS, limit: int = _FORGOTTEN_AT_ONCE) -> int:
    """Drop some of the oldest entries that are too old or too many; return how many."""
    return db.execute(
        """DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT ?)
        AND (at_ms < ? OR id <= (SELECT MAX(id) FROM audit) - ?)""",
        (limit, now_ms - KEPT_MS, most),
    ).rowcount


def _repeats(db: Database, newest: int | None, act: Act) -> bool:
    """Return whether an entry says the same of the same person and chat, within the hour."""
    said = (act.user_id, act.chat_id, act.kind, json.dumps({"words": act.words}))
    row = db.execute(
        "SELECT user_id, chat_id, action, args, at_ms FROM audit WHERE id = ?", (newest,)
    ).fetchone()
    return row is not None and tuple(row)[:4] == said and 0 <= act.now_ms - row["at_ms"] < _REPEATED_MS


def _newest(db: Database) -> int | None:
    newest: int | None = db.execute("SELECT MAX(id) FROM audit").fetchone()[0]
    return newest
