"""Topics of chats, and subscriptions that go from one to another."""

from sqlite_utils import Database

from core.errors import UserError
from store import queue


def is_closed(db: Database, chat_id: int, topic_id: int) -> bool:
    """Return whether nothing can be posted to a topic now."""
    row = db.execute(
        "SELECT state FROM topics WHERE chat_id = ? AND topic_id = ?", (chat_id, topic_id)
    ).fetchone()
    return row is not None and row["state"] == "suspended"


def move_subscription(db: Database, subscription_id: int, topic_id: int, *, now_ms: int) -> None:
    """Let what a subscription posts go to another topic of its chat from now on, with what waits.

    Where links are told apart by topic, what the other topic has already is dropped visibly.

    Raises:
        UserError: the chat has no topics, or that one watches the source already; nothing has changed then.
    """
    row = db.execute(
        """SELECT subscriptions.chat_id, topic_id, source_id, type, once FROM subscriptions
        JOIN chats USING (chat_id) WHERE id = ?""",
        (subscription_id,),
    ).fetchone()
    if row["topic_id"] == topic_id:
        return
    if topic_id and row["type"] in ("group", "channel"):
        raise UserError("topic: this chat has no topics.")
    other = db.execute(
        "SELECT id, number, state FROM subscriptions WHERE chat_id = ? AND topic_id = ? AND source_id = ?",
        (row["chat_id"], topic_id, row["source_id"]),
    ).fetchone()
    if other is not None and other["state"] != "removed":
        raise UserError(
            "topic: the source is watched there already, as No. {number}.", number=other["number"]
        )
    places = [(topic_id, subscription_id)]
    if other is not None:  # they change places, by way of one that no topic has
        places = [(-other["id"], other["id"]), *places, (row["topic_id"], other["id"])]
    db.conn.executemany("UPDATE subscriptions SET topic_id = ? WHERE id = ?", places)
    moved = (subscription_id, row["topic_id"])
    _move_waiting(db, moved, topic_id, apart=row["once"] == "topic", now_ms=now_ms)
    if not is_closed(db, row["chat_id"], topic_id):
        condition = "subscription_id = ? AND topic_id = ? AND reason = 'topic_suspended'"
        queue.release(db, condition, (subscription_id, topic_id), now_ms)
        return
    db.execute(
        """UPDATE queue SET state = 'held', reason = 'topic_suspended', state_ms = ?
        WHERE subscription_id = ? AND topic_id = ? AND state = 'pending' AND lease_owner IS NULL""",
        (now_ms, subscription_id, topic_id),
    )


def _move_waiting(db: Database, moved: tuple[int, int], new: int, *, apart: bool, now_ms: int) -> None:
    """Give what waits for a subscription and its old topic to the new one."""
    mine = """subscription_id = ? AND topic_id = ? AND state IN ('pending', 'held') AND lease_owner IS NULL
        AND reason IS NOT 'uncertain' AND message_id IS NULL"""
    if not apart:
        db.execute(f"UPDATE queue SET topic_id = ? WHERE {mine}", (new, *moved))
        return
    db.execute(f"UPDATE OR IGNORE queue SET topic_id = ?, scope = ? WHERE {mine}", (new, new, *moved))
    db.execute(
        f"UPDATE queue SET state = 'dropped', reason = 'merged', edition = -id, state_ms = ? WHERE {mine}",
        (now_ms, *moved),
    )
