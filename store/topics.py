"""Topics of chats."""

from sqlite_utils import Database


def is_closed(db: Database, chat_id: int, topic_id: int) -> bool:
    """Return whether nothing can be posted to a topic now."""
    row = db.execute(
        "SELECT state FROM topics WHERE chat_id = ? AND topic_id = ?", (chat_id, topic_id)
    ).fetchone()
    return row is not None and row["state"] == "suspended"
