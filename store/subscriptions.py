"""Subscriptions: which place watches which source."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from core.protocol import Place, SourceId, SubscriptionId
from store import queue, resting


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """What adding a subscription did."""

    subscription_id: SubscriptionId
    number: int
    created: bool
    """False: this place had it already, and only its options changed."""


def subscribe(
    db: Database,
    *,
    source_id: SourceId,
    place: Place,
    backlog: str,
    interval_s: float | None,
    added_by: int | None = None,
    now_ms: int,
) -> Subscribed:
    """Subscribe a place to a source; one that is there only takes over the new interval.

    A removed one comes back under its number, and its backlog policy looks at the present entries anew.
    `added_by` is who asked for it, if that is known.
    """
    row = db.execute(
        "SELECT id, number, state FROM subscriptions WHERE chat_id = ? AND topic_id = ? AND source_id = ?",
        (place.chat_id, place.topic_id, source_id),
    ).fetchone()
    if row is not None and row["state"] != "removed":
        db.execute(
            "UPDATE subscriptions SET interval_s = COALESCE(?, interval_s) WHERE id = ?",
            (interval_s, row["id"]),
        )
        return Subscribed(subscription_id=SubscriptionId(row["id"]), number=row["number"], created=False)
    if row is not None:
        db.execute(
            """UPDATE subscriptions SET state = 'active', state_ms = ?, backlog = ?, interval_s = ?,
            added_by = ?, primed_ms = NULL, broken_looks = 0, paused_ms = NULL, resumes_ms = NULL
            WHERE id = ?""",
            (now_ms, backlog, interval_s, added_by, row["id"]),
        )
        return Subscribed(subscription_id=SubscriptionId(row["id"]), number=row["number"], created=True)
    number = db.execute(
        "UPDATE chats SET next_number = next_number + 1 WHERE chat_id = ? RETURNING next_number - 1",
        (place.chat_id,),
    ).fetchone()[0]
    created = db.execute(
        """INSERT INTO subscriptions
            (chat_id, topic_id, source_id, number, backlog, interval_s, added_by, created_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (place.chat_id, place.topic_id, source_id, number, backlog, interval_s, added_by, now_ms),
    ).fetchone()
    return Subscribed(subscription_id=SubscriptionId(created["id"]), number=number, created=True)


def source_in_place(db: Database, place: Place, *, kind: str, url: str, rules: str) -> SourceId | None:
    """Return the source by which a place watches this now, be it the place's own; None if it does not."""
    row = db.execute(
        """SELECT sources.id FROM sources JOIN subscriptions ON source_id = sources.id
        WHERE kind = ? AND url = ? AND json_remove(rules, '$.access') = ?
        AND chat_id = ? AND topic_id = ? AND subscriptions.state <> 'removed' LIMIT 1""",
        (kind, url, rules, place.chat_id, place.topic_id),
    ).fetchone()
    return None if row is None else SourceId(row["id"])


def unsubscribe(db: Database, subscription_ids: Sequence[int], *, now_ms: int) -> int:
    """End subscriptions; return how many ended.

    Their waiting posts pass on to others of the place that want them too, or are dropped visibly; idle
    sources rest, and keep values of their own for who takes it back (`store/removing.py`).
    """
    ids = json.dumps(list(subscription_ids))
    ended = db.execute(
        """UPDATE subscriptions SET state = 'removed', state_ms = ?
        WHERE state <> 'removed' AND id IN (SELECT value FROM json_each(?))""",
        (now_ms, ids),
    ).rowcount
    queue.pass_on(db, ids)
    db.execute(
        """UPDATE queue SET state = 'dropped', reason = 'unsubscribed', state_ms = ?
        WHERE state IN ('pending', 'held') AND lease_owner IS NULL
        AND subscription_id IN (SELECT value FROM json_each(?))""",
        (now_ms, ids),
    )
    watched = db.execute(
        "SELECT source_id FROM subscriptions WHERE id IN (SELECT value FROM json_each(?))", (ids,)
    ).fetchall()
    resting.rest(db, [row["source_id"] for row in watched])
    return ended


def source_of(db: Database, subscription_id: int) -> SourceId:
    """Return the source that a subscription watches."""
    row = db.execute("SELECT source_id FROM subscriptions WHERE id = ?", (subscription_id,)).fetchone()
    return SourceId(row["source_id"])


def chat_of(db: Database, subscription_id: int) -> int | None:
    """Return the chat of a subscription, or None where there is no such subscription."""
    row = db.execute("SELECT chat_id FROM subscriptions WHERE id = ?", (subscription_id,)).fetchone()
    return None if row is None else int(row["chat_id"])


def active(db: Database, source_id: int) -> list[sqlite3.Row]:
    """Return the active subscriptions of a source, with what is known of their places."""
    return _select(db, "subscriptions.source_id = ? AND subscriptions.state = 'active'", source_id)


def one(db: Database, subscription_id: int) -> sqlite3.Row | None:
    """Return an active subscription in the same way, or None."""
    rows = _select(db, "subscriptions.id = ? AND subscriptions.state = 'active'", subscription_id)
    return rows[0] if rows else None


def _select(db: Database, condition: str, value: int) -> list[sqlite3.Row]:
    return db.execute(
        f"""SELECT subscriptions.*, chats.once, chats.state AS chat_state, topics.state AS topic_state,
            json_extract(chats.options, '$.filter') AS chat_filter,
            sources.title AS source_title, sources.url AS url, sources.kind AS kind
        FROM subscriptions JOIN chats USING (chat_id) JOIN sources ON sources.id = subscriptions.source_id
        LEFT JOIN topics
            ON topics.chat_id = subscriptions.chat_id AND topics.topic_id = subscriptions.topic_id
        WHERE {condition} ORDER BY subscriptions.id""",
        (value,),
    ).fetchall()
