"""Chats and topics that cannot be reached: tried once more, and what waited too long for them."""

from sqlite_utils import Database

from store import notices, queue

EXPIRES_MS = 30 * 86_400_000
_RETRY_MS = 86_400_000


def retry(db: Database, *, now_ms: int) -> int:
    """Try chats again that were not found a day ago, each once; return how many.

    A Bot API server that was set up anew does not know chats before it hears of them
    (https://core.telegram.org/bots/api#using-a-local-bot-api-server).
    """
    rows = db.execute(
        """UPDATE chats SET state = 'active', state_reason = NULL, state_ms = :now, retried_ms = :now
        WHERE state = 'suspended' AND state_reason = 'not_found' AND retried_ms IS NULL
        AND state_ms <= :before RETURNING chat_id""",
        {"now": now_ms, "before": now_ms - _RETRY_MS},
    ).fetchall()
    for row in rows:
        queue.release(db, "chat_id = ? AND reason = 'suspended'", (row["chat_id"],), now_ms)
    return len(rows)


def expire(db: Database, *, alert: tuple[int, int] | None, now_ms: int) -> int:
    """Drop what has waited for 30 days for a place out of reach, and say so once for each chat.

    Returns:
        How many posts that are.
    """
    rows = db.execute(
        """UPDATE queue SET state = 'dropped', reason = 'chat_expired', state_ms = ?
        WHERE state = 'held' AND reason IN ('suspended', 'topic_suspended') AND state_ms <= ?
        RETURNING chat_id""",
        (now_ms, now_ms - EXPIRES_MS),
    ).fetchall()
    if alert is not None:
        for chat_id in sorted({row["chat_id"] for row in rows} - {alert[0]}):
            _say(db, alert, chat_id, sum(row["chat_id"] == chat_id for row in rows), now_ms)
    return len(rows)


def _say(db: Database, alert: tuple[int, int], chat_id: int, count: int, now_ms: int) -> None:
    """Tell of dropped posts; more of them go into the same notice until the chat is heard of again."""
    row = db.execute(
        "SELECT title, state_reason, state_ms FROM chats WHERE chat_id = ?", (chat_id,)
    ).fetchone()
    key = f"expired:{chat_id}:{row['state_ms'] or 0}"
    before = notices.argument(db, key=key, name="count")
    already = int(str(before[1])) if before is not None else 0
    args = {"chat": row["title"] or str(chat_id), "reason": row["state_reason"], "count": already + count}
    notices.post(db, place=alert, key=key, code="chat.expired", args=args, now_ms=now_ms)


def speaks_again(db: Database, chat_id: int) -> bool:
    """Return whether a message from this chat shows that a chat is back which was out of reach."""
    row = db.execute("SELECT 1 FROM chats WHERE chat_id = ? AND state = 'suspended'", (chat_id,)).fetchone()
    return row is not None
