"""Which language to speak to whom: what somebody chose, else what Telegram says of them."""

from collections.abc import Sequence

from sqlite_utils import Database

from store import chats, people


def of_place(db: Database, chat_id: int) -> str | None:
    """Return the language of a chat: what was chosen for it, else that of the Telegram of its only user."""
    row = db.execute(
        """SELECT COALESCE(
            (SELECT language FROM chats WHERE chat_id = :chat_id),
            (SELECT language FROM users WHERE id = :chat_id)
        ) AS language""",
        {"chat_id": chat_id},
    ).fetchone()
    return None if row["language"] is None else str(row["language"])


def chosen(db: Database, chat_id: int) -> str | None:
    """Return what was chosen for a chat; a person's own choice is that of their private chat."""
    row = db.execute("SELECT language FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
    return None if row is None or row["language"] is None else str(row["language"])


def choose(db: Database, chat_id: int, language: str | None) -> None:
    """Speak this language in a chat from now on; None: as if nobody had ever chosen."""
    chats.ensure(db, chat_id)
    db.execute("UPDATE chats SET language = ? WHERE chat_id = ?", (language, chat_id))


def is_news(db: Database, configured: Sequence[int], user_id: int, language: str) -> bool:
    """Return whether a user has something to do with this bot and is not yet known to speak this language."""
    row = db.execute("SELECT language FROM users WHERE id = ?", (user_id,)).fetchone()
    if row is not None and row["language"] == language:
        return False
    return people.chats_of(db, configured, user_id=user_id) != ()


def hear(db: Database, user_id: int, *, name: str, language: str) -> None:
    """Remember in which language a user's Telegram is, for what is said to them unasked."""
    db.execute(
        """INSERT INTO users (id, name, language) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET language = excluded.language""",
        (user_id, name, language),
    )
