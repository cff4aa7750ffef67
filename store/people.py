"""Who may do what: owners of the bot, and the one-time code that claims it."""

from collections.abc import Sequence

from sqlite_utils import Database

from store import facts

EVERYWHERE = 0
"""The chat id under which roles for the whole bot are kept."""

_RANKS = ("viewer", "editor", "owner")
_CLAIM_CODE = "claim_code"


def owners(db: Database, configured: Sequence[int]) -> list[int]:
    """Return the user ids that own the bot: those of the settings first, then who claimed it."""
    claimed = db.execute(
        "SELECT user_id FROM members WHERE chat_id = ? AND role = 'owner' ORDER BY user_id", (EVERYWHERE,)
    ).fetchall()
    return list(dict.fromkeys([*configured, *(row["user_id"] for row in claimed)]))


def role_in(db: Database, configured: Sequence[int], *, user_id: int, chat_id: int) -> str | None:
    """Return what a user is in a chat: `owner`, `editor`, `viewer`, or None for strangers."""
    if user_id in owners(db, configured):
        return "owner"
    row = db.execute(
        "SELECT role FROM members WHERE user_id = ? AND chat_id IN (?, ?) ORDER BY role LIMIT 1",
        (user_id, chat_id, EVERYWHERE),
    ).fetchone()
    return None if row is None else str(row["role"])


def may(db: Database, configured: Sequence[int], *, user_id: int, chat_id: int, who: str) -> bool:
    """Return whether a user is at least `who` (`viewer`, `editor`, `owner`) in a chat."""
    role = role_in(db, configured, user_id=user_id, chat_id=chat_id)
    return role is not None and _RANKS.index(role) >= _RANKS.index(who)


def chats_of(db: Database, configured: Sequence[int], *, user_id: int) -> tuple[int, ...] | None:
    """Return the chats that a user may look at; None: all of them."""
    if user_id in owners(db, configured):
        return None
    rows = db.execute("SELECT chat_id FROM members WHERE user_id = ? ORDER BY chat_id", (user_id,)).fetchall()
    chats = tuple(row["chat_id"] for row in rows)
    return None if EVERYWHERE in chats else chats


def managed(db: Database, configured: Sequence[int], *, user_id: int, limit: int) -> list[tuple[int, str]]:
    """Return the groups and channels that a user may post to, with their titles, the latest used first."""
    owned = user_id in owners(db, configured)
    rows = db.execute(
        """SELECT chat_id, COALESCE(NULLIF(title, ''), CAST(chat_id AS TEXT)) AS title FROM chats
        WHERE state = 'active' AND chat_id < 0 AND (:owned OR chat_id IN (
            SELECT chat_id FROM members WHERE user_id = :user_id AND role IN ('owner', 'editor')))
        ORDER BY last_send_ms DESC, chat_id LIMIT :limit""",
        {"owned": owned, "user_id": user_id, "limit": limit},
    ).fetchall()
    return [(row["chat_id"], row["title"]) for row in rows]


def claim_code(db: Database, *, fresh: str) -> str:
    """Return the code that claims the bot, `fresh` if there is none yet."""
    code = facts.get(db, _CLAIM_CODE)
    if code is None:
        facts.put(db, _CLAIM_CODE, fresh)
    return code or fresh


def claim(db: Database, *, user_id: int, name: str, code: str) -> bool:
    """Make a user the owner if the code is right; it works once. Return whether it was right."""
    if not code or facts.get(db, _CLAIM_CODE) != code:
        return False
    db.execute("INSERT OR IGNORE INTO users (id, name) VALUES (?, ?)", (user_id, name))
    db.execute(
        "INSERT OR REPLACE INTO members (chat_id, user_id, role) VALUES (?, ?, 'owner')",
        (EVERYWHERE, user_id),
    )
    facts.forget(db, _CLAIM_CODE)
    return True


def alert_place(
    db: Database, configured: tuple[int, int] | None, owner_ids: Sequence[int]
) -> tuple[int, int] | None:
    """Return the chat and topic for cards and questions: ALERT_CHAT, else the first owner's private chat."""
    if configured is not None:
        return configured
    known = owners(db, owner_ids)
    return (known[0], 0) if known else None
