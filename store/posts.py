"""Sending as rows: `sending` is committed before a request goes out, its receipt when the answer is in."""

import json
import sqlite3

from sqlite_utils import Database

from core.protocol import (
    ChatMoved,
    Deferred,
    Delivery,
    NotSent,
    Owner,
    PlaceSuspended,
    PostId,
    Receipt,
    Rejected,
    Sent,
    Uncertain,
)
from store import chats, queue

_REFUSALS_LIMIT = 2


def begin_send(
    db: Database, delivery: Delivery, *, owner: Owner, fingerprint: str, now_ms: int, shared_id: int = 0
) -> PostId | None:
    """Commit that this post is about to be sent. Only after that may the request go out.

    Args:
        db: the writer's connection.
        delivery: the row that is to be sent.
        owner: who leased it.
        fingerprint: by which the post is recognised, should its answer be lost.
        now_ms: wall clock.
        shared_id: the highest id seen in any private chat or basic group.

    Returns:
        The post, or None where the row is not ours to send now: dropped or suspended meanwhile, or its
        chat is in a flood wait that a card or a probe has met.
    """
    row = db.execute(
        """SELECT queue.chat_id, queue.topic_id
        FROM queue JOIN chats USING (chat_id)
        LEFT JOIN topics ON topics.chat_id = queue.chat_id AND topics.topic_id = queue.topic_id
        WHERE queue.id = ? AND queue.state = 'pending' AND lease_owner = ? AND chats.state = 'active'
        AND topics.state IS NOT 'suspended'
        AND NOT (COALESCE(chats.flood_from_ms, 0) <= ? AND ? < COALESCE(chats.flood_until_ms, 0))""",
        (delivery.queue_id, str(owner), now_ms, now_ms),
    ).fetchone()
    if row is None or row["chat_id"] != delivery.place.chat_id:
        give_back(db, delivery, owner=owner, now_ms=now_ms)
        return None
    known_before = chats.highest_id(db, row["chat_id"], shared_id=shared_id)
    post_id = db.execute(
        """INSERT INTO posts (kind, chat_id, topic_id, fingerprint, known_before, owner, started_ms)
        VALUES ('link', ?, ?, ?, ?, ?, ?) RETURNING id""",
        (row["chat_id"], row["topic_id"], fingerprint, known_before, str(owner), now_ms),
    ).fetchone()["id"]
    db.execute(
        """UPDATE queue SET state = 'sending', state_ms = ?, attempts = attempts + 1, post_id = ?
        WHERE id = ?""",
        (now_ms, post_id, delivery.queue_id),
    )
    db.execute("UPDATE chats SET last_send_ms = ? WHERE chat_id = ?", (now_ms, row["chat_id"]))
    return PostId(post_id)


def give_back(db: Database, delivery: Delivery, *, owner: Owner, now_ms: int) -> None:
    """Return a row that was claimed and not begun; held if its chat or topic was suspended meanwhile."""
    db.execute(
        """UPDATE queue SET lease_owner = NULL, lease_until_ms = NULL
        WHERE id = ? AND lease_owner = ? AND state <> 'sending'""",
        (delivery.queue_id, str(owner)),
    )
    for reason, table, same in (
        ("suspended", "chats", "chats.chat_id = queue.chat_id"),
        ("topic_suspended", "topics", "topics.chat_id = queue.chat_id AND topics.topic_id = queue.topic_id"),
    ):
        db.execute(
            f"""UPDATE queue SET state = 'held', reason = ?, state_ms = ?
            WHERE id = ? AND state = 'pending'
            AND (SELECT state FROM {table} WHERE {same}) = 'suspended'""",
            (reason, now_ms, delivery.queue_id),
        )


def record_receipt(  # noqa: C901 - one case for each outcome
    db: Database, receipt: Receipt, *, now_ms: int, alert: tuple[int, int] | None
) -> bool:
    """Record how a send ended. Repeating a receipt, or one that comes late, changes nothing wrongly.

    Args:
        db: the writer's connection.
        receipt: the outcome; a confirmation also settles a row that was in doubt meanwhile.
        now_ms: wall clock.
        alert: chat and topic to tell of a suspended chat.

    Returns:
        Whether the row was waiting for this receipt.
    """
    awaited = ("sending", "uncertain", "held") if isinstance(receipt.outcome, Sent) else ("sending",)
    row = db.execute("SELECT * FROM queue WHERE id = ?", (receipt.queue_id,)).fetchone()
    if row is None or row["post_id"] != receipt.post_id or row["state"] not in awaited:
        return False
    _end_post(db, receipt, now_ms)
    match receipt.outcome:
        case Sent(message_ids=message_ids):
            _move(db, row, "sent", None, now_ms, message_id=message_ids[0])
            chats.note_message(db, receipt.chat_id, max(message_ids))
        case Deferred(retry_after_s=wait_s, everywhere=everywhere):
            until_ms = now_ms + round(wait_s * 1000)
            _move(db, row, "pending", None, now_ms, attempts=row["attempts"] - 1)
            chats.flood(db, receipt.chat_id, until_ms=until_ms, now_ms=now_ms)
            if everywhere:
                queue.freeze_everywhere(db, until_ms=until_ms, now_ms=now_ms)
        case Uncertain():
            _move(db, row, "uncertain", None, now_ms)
        case NotSent(retry_after_s=wait_s):
            _move(db, row, "pending", None, now_ms, not_before_ms=now_ms + round(wait_s * 1000))
        case Rejected(error=error):
            _refuse(db, row, error, now_ms)
        case PlaceSuspended(reason=reason, topic_only=topic_only):
            _move(db, row, "pending", None, now_ms)
            if topic_only:
                chats.suspend_topic(db, row["chat_id"], row["topic_id"], reason=reason, now_ms=now_ms)
            else:
                chats.suspend(db, row["chat_id"], reason=reason, alert=alert, now_ms=now_ms)
        case ChatMoved(new_chat_id=new_chat_id):
            _move(db, row, "pending", None, now_ms, attempts=row["attempts"] - 1)
            chats.migrate(db, old_id=row["chat_id"], new_id=new_chat_id, now_ms=now_ms)
    return True


def _end_post(db: Database, receipt: Receipt, now_ms: int) -> None:
    sent = receipt.outcome.message_ids if isinstance(receipt.outcome, Sent) else ()
    db.execute(
        "UPDATE posts SET ended_ms = ?, outcome = ?, message_ids = ? WHERE id = ?",
        (now_ms, type(receipt.outcome).__name__.lower(), json.dumps(sent), receipt.post_id),
    )


def _move(
    db: Database,
    row: sqlite3.Row,
    state: str,
    reason: str | None,
    now_ms: int,
    *,
    message_id: int | None = None,
    attempts: int | None = None,
    not_before_ms: int = 0,
) -> None:
    db.execute(
        """UPDATE queue SET state = ?, reason = ?, state_ms = ?, lease_owner = NULL, lease_until_ms = NULL,
            message_id = COALESCE(?, message_id), attempts = COALESCE(?, attempts),
            waits_from_ms = ?, not_before_ms = ?
        WHERE id = ?""",
        (
            state,
            reason,
            now_ms,
            message_id,
            attempts,
            now_ms if not_before_ms else 0,
            not_before_ms,
            row["id"],
        ),
    )


def _refuse(db: Database, row: sqlite3.Row, error: str, now_ms: int) -> None:
    refusals = row["refusals"] + 1
    final = refusals >= _REFUSALS_LIMIT
    _move(db, row, "dead" if final else "pending", f"rejected: {error}" if final else None, now_ms)
    db.execute("UPDATE queue SET refusals = ? WHERE id = ?", (refusals, row["id"]))
