"""Sources of one subscription's own: the same address, asked with values that only its place may use.

A subscription with user agent, headers or a proxy of its own watches a source that no other subscription
shares; its stored rules carry the reserved name `access`, the subscription's id, which readers of documents
never see. Giving it other values, or none, moves it between sources:

- It keeps its id, its number and its verdicts. What it has judged is not judged again, so nothing is posted
  twice and no backlog comes back; what its new source shows beyond that is new.
- What the new source has shown since the old one's last good look is wished for at once: as sightings of
  that source they would be fresh to nobody any more.
- A subscription that has not seen its source yet has its backlog chosen by the new one.
- A source of its own inherits what the old one has shown, so that a flood of what only the values open is
  seen as one. A shared source does not: what it has never shown must be new to its other subscribers.
- The source that is left rests when nobody else watches it, and forgets its values.
"""

import sqlite3

from sqlite_utils import Database

from core.access import Access
from core.errors import UserError
from core.protocol import SourceId
from store import sources, wishes


def of_subscription(db: Database, subscription_id: int) -> Access:
    """Return the values of a subscription's source; they are secrets."""
    return Access.read(_row(db, subscription_id)["credentials"])


def give(db: Database, subscription_id: int, access: Access, *, now_ms: int) -> SourceId:
    """Let a subscription's source be asked with these values, or with none; return the source.

    Raises:
        UserError: the place watches the same address without values under another number.
    """
    row = _row(db, subscription_id)
    rules = row["clean_rules"]
    if access:
        rules = db.execute("SELECT json_set(?, '$.access', ?)", (rules, subscription_id)).fetchone()[0]
    target = sources.upsert(db, kind=row["kind"], url=row["url"], rules=rules, now_ms=now_ms)
    if target != row["source_id"]:
        _move(db, row, target, now_ms)
        if access and row["primed_ms"] is not None:
            _inherit(db, row["source_id"], target)
    if access or target != row["source_id"]:
        db.execute(
            """UPDATE sources SET credentials = CASE WHEN :own THEN :credentials END,
                etag = CASE WHEN :own THEN NULL ELSE etag END,
                last_modified = CASE WHEN :own THEN NULL ELSE last_modified END,
                body_hash = CASE WHEN :own THEN NULL ELSE body_hash END,
                children = CASE WHEN :own THEN '{}' ELSE children END,
                seen_keys = CASE WHEN :own THEN NULL ELSE seen_keys END,
                title = CASE WHEN :own AND title = '' THEN :title ELSE title END
            WHERE id = :id""",
            {
                "own": bool(access),
                "credentials": access.write(),
                "title": row["source_title"],
                "id": target,
            },
        )
        sources.make_due(db, target, now_ms=now_ms)
    if row["state"] == "paused":
        sources.rest_if_idle(db, target)
    return target


def _row(db: Database, subscription_id: int) -> sqlite3.Row:
    row: sqlite3.Row = db.execute(
        """SELECT subscriptions.*, kind, url, credentials, last_ok_ms, sources.title AS source_title,
            json_remove(rules, '$.access') AS clean_rules
        FROM subscriptions JOIN sources ON sources.id = source_id WHERE subscriptions.id = ?""",
        (subscription_id,),
    ).fetchone()
    return row


def _move(db: Database, row: sqlite3.Row, target: SourceId, now_ms: int) -> None:
    _make_room(db, row, target)
    db.execute("UPDATE subscriptions SET source_id = ? WHERE id = ?", (target, row["id"]))
    _carry_linkless(db, row, target, now_ms)
    if row["primed_ms"] is not None:
        missed = db.execute(
            """SELECT history_id FROM sightings WHERE source_id = ? AND seen_ms >= ?
            ORDER BY seen_ms, position""",
            (target, row["last_ok_ms"] or row["primed_ms"]),
        ).fetchall()
        wishes.wish_unjudged(db, row["id"], [each[0] for each in missed], now_ms=now_ms)
    sources.rest_if_idle(db, row["source_id"])


def _inherit(db: Database, old: int, target: SourceId) -> None:
    db.execute(
        """INSERT INTO sightings (source_id, history_id, seen_ms, position, guid)
        SELECT ?, history_id, seen_ms, position, guid FROM sightings WHERE source_id = ?
        ON CONFLICT (source_id, history_id) DO NOTHING""",
        (target, old),
    )
    db.execute(
        """UPDATE sources SET first_ok_ms = COALESCE(sources.first_ok_ms, old.first_ok_ms),
            last_ok_ms = COALESCE(sources.last_ok_ms, old.last_ok_ms)
        FROM (SELECT first_ok_ms, last_ok_ms FROM sources WHERE id = ?) AS old WHERE sources.id = ?""",
        (old, target),
    )


def _carry_linkless(db: Database, row: sqlite3.Row, target: SourceId, now_ms: int) -> None:
    """Entries without a link are known by their source; those that were judged are known at the new one too.

    Their keys end in a digest of 32 characters, after the id of a source.
    """
    values = {"sub": row["id"], "old": row["source_id"], "new": target, "now": now_ms}
    judged = """SELECT history.id, 'entry:' || :new || ':' || substr(normalized_url, -32) AS there
        FROM sightings JOIN history ON history.id = sightings.history_id
        JOIN verdicts ON verdicts.history_id = history.id AND subscription_id = :sub
        WHERE source_id = :old AND normalized_url LIKE 'entry:%'"""
    db.execute(
        f"""INSERT INTO verdicts (subscription_id, history_id, verdict, at_ms)
        SELECT :sub, history.id, 'repeat', :now FROM history
        JOIN ({judged}) AS judged ON judged.there = history.normalized_url WHERE true
        ON CONFLICT (subscription_id, history_id) DO NOTHING""",
        values,
    )
    db.execute(
        f"""INSERT INTO aliases (normalized_url, history_id, kind)
        SELECT there, id, 'moved' FROM ({judged}) AS judged
        WHERE NOT EXISTS (SELECT 1 FROM history WHERE normalized_url = there)
        ON CONFLICT (normalized_url) DO NOTHING""",
        values,
    )


def _make_room(db: Database, row: sqlite3.Row, target: SourceId) -> None:
    """A subscription of this place to the target that has ended takes the place that is left."""
    twin = db.execute(
        "SELECT id, number, state FROM subscriptions WHERE chat_id = ? AND topic_id = ? AND source_id = ?",
        (row["chat_id"], row["topic_id"], target),
    ).fetchone()
    if twin is None:
        return
    if twin["state"] != "removed":
        raise UserError(
            "No. {number} watches this address here without values of its own.", number=twin["number"]
        )
    # Neither may be where the other is, not even for a moment; no topic has a negative number.
    db.execute("UPDATE subscriptions SET topic_id = -1 WHERE id = ?", (row["id"],))
    db.execute("UPDATE subscriptions SET source_id = ? WHERE id = ?", (row["source_id"], twin["id"]))
    db.execute("UPDATE subscriptions SET source_id = ? WHERE id = ?", (target, row["id"]))
    db.execute("UPDATE subscriptions SET topic_id = ? WHERE id = ?", (row["topic_id"], row["id"]))
