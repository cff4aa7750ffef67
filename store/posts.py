"""Sending as rows: `sending` is committed before a request goes out, its receipt when the answer is in."""

import json
import sqlite3

from sqlite_utils import Database

from core.probe import shares_ids
from core.protocol import (
    ChatMoved,
    Deferred,
    Delivery,
    NotSent,
    Owner,
    PictureRefused,
    PlaceSuspended,
    PostId,
    Receipt,
    Rejected,
    Sent,
    Uncertain,
)
from store import chats, pictures
from store.outbox import claiming

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
        The post, or None where the row is not ours to send now: dropped, suspended or paused meanwhile, or
        its chat is in a flood wait that a card or a probe has met.
    """
    ids = json.dumps([each.queue_id for each in delivery.together])
    rows = db.execute(
        """SELECT queue.chat_id, queue.topic_id, chats.type, chats.highest_message_id,
            (SELECT COUNT(*) FROM queue AS leased
                WHERE leased.chat_id = queue.chat_id AND leased.lease_owner IS NOT NULL) AS leased
        FROM queue JOIN chats USING (chat_id)
        LEFT JOIN topics ON topics.chat_id = queue.chat_id AND topics.topic_id = queue.topic_id
        WHERE queue.id IN (SELECT value FROM json_each(?)) AND queue.state = 'pending' AND lease_owner = ?
        AND chats.state = 'active' AND queue.chat_id = ?
        AND topics.state IS NOT 'suspended'
        AND NOT (COALESCE(chats.flood_from_ms, 0) <= ? AND ? < COALESCE(chats.flood_until_ms, 0))
        AND NOT EXISTS (SELECT 1 FROM subscriptions
            WHERE subscriptions.id = subscription_id AND subscriptions.state = 'paused')""",
        (ids, str(owner), delivery.place.chat_id, now_ms, now_ms),
    ).fetchall()
    if len(rows) < len(delivery.together) or claiming.frozen_until_ms(db, now_ms) is not None:
        give_back(db, delivery, owner=owner, now_ms=now_ms)
        return None
    row = rows[0]
    known_before = row["highest_message_id"]
    if shares_ids(row["type"]):
        known_before = chats.highest_id(db, row["chat_id"], shared_id=shared_id)
    post_id = db.execute(
        """INSERT INTO posts (kind, chat_id, topic_id, fingerprint, known_before, owner, started_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (
            "digest" if delivery.more else "link",
            row["chat_id"],
            row["topic_id"],
            fingerprint,
            known_before,
            str(owner),
            now_ms,
        ),
    ).fetchone()["id"]
    db.conn.executemany(
        """UPDATE queue SET state = 'sending', state_ms = ?, attempts = attempts + 1, post_id = ?,
            link = ?, erid = ? WHERE id = ?""",
        [
            (now_ms, post_id, each.content.url, each.content.erid or None, each.queue_id)
            for each in delivery.together
        ],
    )
    if row["leased"] > len(delivery.together):
        _return_leases(db, row["chat_id"], owner)  # of what found no room in the digest
    db.execute("UPDATE chats SET last_send_ms = ? WHERE chat_id = ?", (now_ms, row["chat_id"]))
    return PostId(post_id)


def give_back(db: Database, delivery: Delivery, *, owner: Owner, now_ms: int) -> None:
    """Return what was claimed and not begun; held for what its chat, topic or subscription is in now."""
    ids = json.dumps([each.queue_id for each in delivery.together])
    db.execute(
        """UPDATE queue SET lease_owner = NULL, lease_until_ms = NULL
        WHERE id IN (SELECT value FROM json_each(?)) AND lease_owner = ? AND state <> 'sending'""",
        (ids, str(owner)),
    )
    _return_leases(db, delivery.place.chat_id, owner)
    for reason, table, same, state in (
        ("suspended", "chats", "chats.chat_id = queue.chat_id", "suspended"),
        (
            "topic_suspended",
            "topics",
            "topics.chat_id = queue.chat_id AND topics.topic_id = queue.topic_id",
            "suspended",
        ),
        ("paused", "subscriptions", "subscriptions.id = subscription_id", "paused"),
    ):
        db.execute(
            f"""UPDATE queue SET state = 'held', reason = ?, state_ms = ?
            WHERE id IN (SELECT value FROM json_each(?)) AND state = 'pending'
            AND (SELECT state FROM {table} WHERE {same}) = ?""",
            (reason, now_ms, ids, state),
        )


def _return_leases(db: Database, chat_id: int, owner: Owner) -> None:
    db.execute(
        """UPDATE queue SET lease_owner = NULL, lease_until_ms = NULL
        WHERE chat_id = ? AND lease_owner = ? AND state = 'pending'""",
        (chat_id, str(owner)),
    )


def record_receipt(db: Database, receipt: Receipt, *, now_ms: int, alert: tuple[int, int] | None) -> bool:
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
    sharing = db.execute("SELECT * FROM queue WHERE post_id = ? ORDER BY position", (receipt.post_id,))
    rows = [row for row in sharing.fetchall() if row["state"] in awaited]
    if not rows:
        return False
    _end_post(db, receipt, now_ms)
    for row in rows:
        _settle(db, row, receipt, now_ms)
    _tell_chat(db, rows[0], receipt, alert, now_ms)
    return True


def _settle(db: Database, row: sqlite3.Row, receipt: Receipt, now_ms: int) -> None:
    """Move a row of the outbox on, as the outcome of its post says."""
    match receipt.outcome:
        case Sent(message_ids=message_ids):
            _move(db, row, "sent", None, now_ms, message_id=message_ids[0])
            if receipt.picture is not None:
                pictures.accepted(db, receipt.picture, file_id=receipt.outcome.file_id, now_ms=now_ms)
        case Deferred() | ChatMoved():
            _move(db, row, "pending", None, now_ms, attempts=row["attempts"] - 1)
        case Uncertain():
            _move(db, row, "uncertain", None, now_ms)
        case NotSent(retry_after_s=wait_s):
            _move(db, row, "pending", None, now_ms, not_before_ms=now_ms + round(wait_s * 1000))
        case Rejected(error=error):
            _refuse(db, row, error, now_ms)
        case PictureRefused(here_only=here_only):
            _move(db, row, "pending", None, now_ms)
            if receipt.picture is not None:
                pictures.refused(
                    db, receipt.picture, queue_id=receipt.queue_id, here_only=here_only, now_ms=now_ms
                )
        case PlaceSuspended():
            _move(db, row, "pending", None, now_ms)


def _tell_chat(
    db: Database, row: sqlite3.Row, receipt: Receipt, alert: tuple[int, int] | None, now_ms: int
) -> None:
    """Note what the outcome says about the chat."""
    match receipt.outcome:
        case Sent(message_ids=message_ids):
            chats.note_message(db, receipt.chat_id, max(message_ids))
        case Deferred(retry_after_s=wait_s, everywhere=everywhere):
            until_ms = now_ms + round(wait_s * 1000)
            chats.flood(db, receipt.chat_id, until_ms=until_ms, now_ms=now_ms)
            if everywhere:
                claiming.freeze_everywhere(db, until_ms=until_ms, now_ms=now_ms)
        case PlaceSuspended(reason=reason, topic_only=True):
            chats.suspend_topic(db, row["chat_id"], row["topic_id"], reason=reason, now_ms=now_ms)
        case PlaceSuspended(reason=reason):
            chats.suspend(db, row["chat_id"], reason=reason, alert=alert, now_ms=now_ms)
        case ChatMoved(new_chat_id=new_chat_id):
            chats.migrate(db, old_id=row["chat_id"], new_id=new_chat_id, now_ms=now_ms)


def _end_post(db: Database, receipt: Receipt, now_ms: int) -> None:
    sent = receipt.outcome.message_ids if isinstance(receipt.outcome, Sent) else ()
    db.execute(
        "UPDATE posts SET ended_ms = ?, outcome = ?, message_ids = ?, picture = ? WHERE id = ?",
        (
            now_ms,
            type(receipt.outcome).__name__.lower(),
            json.dumps(sent),
            None if receipt.picture is None else receipt.picture.way,
            receipt.post_id,
        ),
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
