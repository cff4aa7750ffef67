"""Chats that rest because somebody wants it: their queue is kept, and goes on where it stopped."""

from sqlite_utils import Database

_FOR_EVER_MS = 2**52


def pause(db: Database, chat_id: int, *, until_ms: int | None, now_ms: int) -> None:
    """Post nothing to a chat until a moment, or until it is resumed. What sources show goes on to wait."""
    db.execute(
        "UPDATE chats SET paused_from_ms = ?, paused_until_ms = ? WHERE chat_id = ?",
        (now_ms, _FOR_EVER_MS if until_ms is None else until_ms, chat_id),
    )


def resume(db: Database, chat_id: int, *, now_ms: int) -> bool:
    """Let a chat's posts go on, all at once as far as a digest is concerned; return whether it rested."""
    changed = db.execute(
        "UPDATE chats SET paused_from_ms = NULL, paused_until_ms = NULL "
        "WHERE chat_id = ? AND paused_from_ms IS NOT NULL",
        (chat_id,),
    ).rowcount
    if changed:
        db.execute(
            "UPDATE queue SET released_ms = ? WHERE chat_id = ? AND state = 'pending' AND lane = 0",
            (now_ms, chat_id),
        )
    return bool(changed)


def end_pauses(db: Database, *, now_ms: int) -> int:
    """Resume the chats whose pause is over; return how many."""
    due = db.execute(
        "SELECT chat_id FROM chats WHERE paused_until_ms <= ? AND paused_from_ms IS NOT NULL", (now_ms,)
    ).fetchall()
    for row in due:
        resume(db, row["chat_id"], now_ms=now_ms)
    return len(due)
