"""Roles in chats: invitations that work once, who has which role, and taking them back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlite_utils import Database

from core.quotas import DEFAULT
from store import chats, people

_VALID_MS = 7 * 86_400_000
"""So long an invitation can be taken up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What somebody is in a chat.

    Attributes:
        added: subscriptions that count for them, in all chats.
        limit: how many they may have; None: as many as they like.
    """

    chat_id: int
    chat: str
    user_id: int
    name: str
    role: str
    added: int
    limit: int | None


def invite(db: Database, *, chat_id: int, role: str, code: str, by: int, now_ms: int) -> None:
    """Let whoever knows a code become `editor` or `viewer` of a chat, once, within a week."""
    db.execute("DELETE FROM invitations WHERE made_ms <= ?", (now_ms - _VALID_MS,))
    db.execute(
        "INSERT INTO invitations (code_hash, chat_id, role, made_ms) VALUES (?, ?, ?, ?)",
        (_hash(code), chats.current_id(db, chat_id), role, now_ms),
    )
    _note(db, "role.invited", user_id=by, chat_id=chat_id, now_ms=now_ms, role=role)


def accept(db: Database, *, code: str, user_id: int, name: str, now_ms: int) -> bool:
    """Give somebody the role that a code stands for; return whether it stands for one.

    An editor who takes up an invitation for viewers stays editor.
    """
    row = db.execute(
        "DELETE FROM invitations WHERE code_hash = ? RETURNING chat_id, role, made_ms", (_hash(code),)
    ).fetchone()
    if row is None or not now_ms - _VALID_MS < row["made_ms"]:
        return False
    chat_id = chats.current_id(db, row["chat_id"])
    db.execute(
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        (user_id, name),
    )
    db.execute(
        """INSERT INTO members (chat_id, user_id, role) VALUES (?, ?, ?)
        ON CONFLICT (chat_id, user_id) DO UPDATE SET role = excluded.role WHERE role = 'viewer'""",
        (chat_id, user_id, row["role"]),
    )
    _note(db, "role.accepted", user_id=user_id, chat_id=chat_id, now_ms=now_ms, role=row["role"])
    return True


def of_all(db: Database, *, owners: Sequence[int] = (), user_id: int | None = None) -> list[Role]:
    """Return who has which role where, or what one user is; `owners` are those of the settings."""
    rows = db.execute(
        """SELECT members.chat_id, COALESCE(NULLIF(chats.title, ''), CAST(members.chat_id AS TEXT)) AS chat,
            user_id, users.name, role, COALESCE(quota, :usual) AS "limit",
            (SELECT COUNT(*) FROM subscriptions
                WHERE added_by = members.user_id AND subscriptions.state <> 'removed') AS added
        FROM members JOIN users ON users.id = user_id LEFT JOIN chats ON chats.chat_id = members.chat_id
        WHERE role <> 'owner' AND (:user_id IS NULL OR user_id = :user_id)
        ORDER BY members.chat_id, role, user_id""",
        {"user_id": user_id, "usual": DEFAULT},
    ).fetchall()
    free = dict.fromkeys(people.owners(db, owners))
    return [Role(**{**dict(row), **({"limit": None} if row["user_id"] in free else {})}) for row in rows]


def revoke(db: Database, mark: str, *, by: int, now_ms: int) -> bool:
    """Take back an invitation by the begin of its hash, in hexadecimal; return whether there was one."""
    rows = db.execute(
        "DELETE FROM invitations WHERE substr(code_hash, 1, 8) = ? RETURNING chat_id, role",
        (bytes.fromhex(mark),),
    ).fetchall()
    for row in rows:
        _note(db, "role.revoked", user_id=by, chat_id=row["chat_id"], now_ms=now_ms, role=row["role"])
    return bool(rows)


def remove(db: Database, *, user_id: int, chat_id: int | None = None, by: int, now_ms: int) -> int:
    """Take the roles in all chats, or in one, from a user; return how many there were.

    Owners stay what they are.
    """
    rows = db.execute(
        """DELETE FROM members
        WHERE user_id = :user_id AND role <> 'owner' AND (:chat_id IS NULL OR chat_id = :chat_id)
        RETURNING chat_id, role""",
        {"user_id": user_id, "chat_id": chat_id},
    ).fetchall()
    for row in rows:
        _note(
            db,
            "role.removed",
            user_id=by,
            chat_id=row["chat_id"],
            now_ms=now_ms,
            role=row["role"],
            of=user_id,
        )
    return len(rows)


def is_in_use(db: Database, chat_id: int) -> bool:
    """Return whether somebody with a role has ever had a source watched in a chat."""
    return (
        db.execute("SELECT 1 FROM subscriptions WHERE chat_id = ? LIMIT 1", (chat_id,)).fetchone() is not None
    )


def _hash(code: str) -> bytes:
    return sha256(code.encode("utf-8", "replace")).digest()


def _note(db: Database, action: str, *, user_id: int, chat_id: int, now_ms: int, **args: object) -> None:
    db.execute(
        "INSERT INTO audit (at_ms, user_id, chat_id, action, args) VALUES (?, ?, ?, ?, ?)",
        (now_ms, user_id, chat_id, action, json.dumps(args)),
    )
