"""How long Telegram has asked to write nothing to a chat."""

from sqlite_utils import Database


def until_ms(db: Database, chat_id: int, *, now_ms: int) -> int:
    """Return when a chat may be written to again after a flood wait of its own: now, where there is none."""
    row = db.execute(
        "SELECT flood_until_ms FROM chats WHERE chat_id = ? AND flood_from_ms <= ?", (chat_id, now_ms)
    ).fetchone()
    return now_ms if row is None else max(now_ms, int(row["flood_until_ms"] or 0))
