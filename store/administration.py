"""What an owner looks at: the chats and how they are, who has which role, invitations, what was done."""

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from store import chats

_VALID_MS = 7 * 86_400_000
"""So long an invitation can be taken up (`store.roles`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatState:
    """A chat that the bot works for.

    Attributes:
        state: `active` or `suspended`, with the code of the reason, and since when.
        closed_topics: how many of its topics cannot be reached.
        held: posts that wait until the chat, or a topic of it, can be reached again.
    """

    chat_id: int
    title: str
    state: str
    reason: str
    since_ms: int | None
    subscriptions: int
    closed_topics: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link that gives a role once. The link itself is not kept; `mark` is the begin of its hash."""

    mark: str
    chat: str
    role: str
    until_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """An entry of the audit log."""

    at_ms: int
    action: str
    who: str
    chat: str
    args: dict[str, Any]


def started_ms(db: Database, boot_id: str) -> int | None:
    """Return when a process began."""
    row = db.execute("SELECT started_ms FROM processes WHERE boot_id = ?", (boot_id,)).fetchone()
    return None if row is None else int(row["started_ms"])


def database_bytes(db: Database) -> int:
    """Return how large the database is, without its log."""
    pages: int = db.execute("PRAGMA page_count").fetchone()[0]
    size: int = db.execute("PRAGMA page_size").fetchone()[0]
    return pages * size


def suspended(db: Database) -> int:
    """Return how many chats cannot be reached."""
    return int(db.execute("SELECT COUNT(*) FROM chats WHERE state = 'suspended'").fetchone()[0])


def held(db: Database) -> dict[str, int]:
    """Count what is held, by the code of the reason."""
    rows = db.execute(
        "SELECT reason, COUNT(*) FROM queue INDEXED BY queue_held WHERE state = 'held' GROUP BY reason"
    )
    return {row[0] or "": row[1] for row in rows}


def chat_states(db: Database) -> list[ChatState]:
    """Return the chats where something is watched, or that cannot be reached; those first."""
    rows = db.execute(
        """SELECT chat_id, COALESCE(NULLIF(title, ''), CAST(chat_id AS TEXT)) AS title, state,
            COALESCE(state_reason, '') AS reason, state_ms AS since_ms,
            (SELECT COUNT(*) FROM subscriptions
                WHERE subscriptions.chat_id = chats.chat_id AND state <> 'removed') AS subscriptions,
            (SELECT COUNT(*) FROM topics
                WHERE topics.chat_id = chats.chat_id AND state = 'suspended') AS closed_topics,
            COALESCE(held, 0) AS held
        FROM chats LEFT JOIN (
            SELECT chat_id, COUNT(*) AS held FROM queue INDEXED BY queue_held
            WHERE state = 'held' AND reason IN ('suspended', 'topic_suspended') GROUP BY chat_id
        ) USING (chat_id)
        WHERE state <> 'moved' AND (subscriptions > 0 OR state = 'suspended' OR held > 0)
        ORDER BY state = 'suspended' DESC, closed_topics > 0 DESC, title, chat_id"""
    ).fetchall()
    return [ChatState(**dict(row)) for row in rows]


def resume(db: Database, chat_id: int, *, by: int, now_ms: int) -> bool:
    """Try a chat again, and its topics; a send will tell if that was too early.

    Returns:
        Whether any of them was suspended.
    """
    topics = db.execute(
        "SELECT topic_id FROM topics WHERE chat_id = ? AND state = 'suspended'", (chat_id,)
    ).fetchall()
    opened = [chats.resume_topic(db, chat_id, row["topic_id"], now_ms=now_ms) for row in topics]
    resumed = chats.resume(db, chat_id, now_ms=now_ms) or any(opened)
    if resumed:
        db.execute(
            "INSERT INTO audit (at_ms, user_id, chat_id, action) VALUES (?, ?, ?, 'chat.resumed')",
            (now_ms, by, chat_id),
        )
    return resumed


def invitations(db: Database, *, now_ms: int) -> list[Invitation]:
    """Return the invitations that can still be taken up, the newest first."""
    rows = db.execute(
        """SELECT lower(hex(substr(code_hash, 1, 8))) AS mark, role, made_ms + :valid AS until_ms,
            COALESCE(NULLIF(title, ''), CAST(invitations.chat_id AS TEXT)) AS chat
        FROM invitations LEFT JOIN chats USING (chat_id)
        WHERE made_ms > :now - :valid ORDER BY made_ms DESC, mark""",
        {"valid": _VALID_MS, "now": now_ms},
    ).fetchall()
    return [Invitation(**dict(row)) for row in rows]


def log(db: Database, *, limit: int) -> list[Done]:
    """Return the newest entries of the audit log."""
    rows = db.execute(
        """SELECT at_ms, action, args, COALESCE(NULLIF(users.name, ''), CAST(user_id AS TEXT), '') AS who,
            COALESCE(NULLIF(title, ''), CAST(audit.chat_id AS TEXT), '') AS chat
        FROM audit LEFT JOIN users ON users.id = user_id LEFT JOIN chats ON chats.chat_id = audit.chat_id
        ORDER BY audit.id DESC LIMIT ?""",
        (limit,),
    ).fetchall()
    return [Done(**{**dict(row), "args": json.loads(row["args"])}) for row in rows]
