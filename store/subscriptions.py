"""Subscriptions: which place wants what a source shows, and the wishes that follow from a poll."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from core.backlog import choose, parse_backlog
from core.protocol import HistoryId, Place, PollReport, SourceId, SubscriptionId
from core.schedule import PollingPolicy
from store import checks, history, notices, queue
from store.history import Accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """What adding a subscription did."""

    subscription_id: SubscriptionId
    number: int
    created: bool
    """False: this place had it already, and only its options changed."""


@dataclass(slots=True)
class FanOut:
    """What a document meant for the subscriptions of its source."""

    queued: int = 0
    primed: dict[int, int] = field(default_factory=dict)
    """Subscriptions that got their backlog now, with how many posts that made."""


def subscribe(
    db: Database,
    *,
    source_id: SourceId,
    place: Place,
    backlog: str,
    interval_s: float | None,
    now_ms: int,
) -> Subscribed:
    """Subscribe a place to a source; an active subscription only takes over the new interval.

    A removed one comes back under its number, and its backlog policy looks at the present entries anew.
    """
    row = db.execute(
        "SELECT id, number, state FROM subscriptions WHERE chat_id = ? AND topic_id = ? AND source_id = ?",
        (place.chat_id, place.topic_id, source_id),
    ).fetchone()
    if row is not None and row["state"] == "active":
        db.execute(
            "UPDATE subscriptions SET interval_s = COALESCE(?, interval_s) WHERE id = ?",
            (interval_s, row["id"]),
        )
        return Subscribed(subscription_id=SubscriptionId(row["id"]), number=row["number"], created=False)
    if row is not None:
        db.execute(
            """UPDATE subscriptions SET state = 'active', state_ms = ?, backlog = ?, interval_s = ?,
            primed_ms = NULL WHERE id = ?""",
            (now_ms, backlog, interval_s, row["id"]),
        )
        return Subscribed(subscription_id=SubscriptionId(row["id"]), number=row["number"], created=True)
    number = db.execute(
        "UPDATE chats SET next_number = next_number + 1 WHERE chat_id = ? RETURNING next_number - 1",
        (place.chat_id,),
    ).fetchone()[0]
    created = db.execute(
        """INSERT INTO subscriptions (chat_id, topic_id, source_id, number, backlog, interval_s, created_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (place.chat_id, place.topic_id, source_id, number, backlog, interval_s, now_ms),
    ).fetchone()
    return Subscribed(subscription_id=SubscriptionId(created["id"]), number=number, created=True)


def unsubscribe(db: Database, subscription_ids: Sequence[int], *, now_ms: int) -> int:
    """End subscriptions; return how many ended.

    Their waiting posts pass on to others of the place that want them too, or are dropped visibly; idle
    sources rest.
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
    db.execute(
        """UPDATE sources SET state = 'paused' WHERE state IN ('probing', 'active') AND NOT EXISTS (
            SELECT 1 FROM subscriptions WHERE source_id = sources.id AND subscriptions.state = 'active')""",
    )
    return ended


def waits_for_backlog(db: Database, source_id: int) -> bool:
    """Return whether a subscription of this source has not been given its backlog yet."""
    return (
        db.execute(
            "SELECT 1 FROM subscriptions WHERE source_id = ? AND state = 'active' AND primed_ms IS NULL",
            (source_id,),
        ).fetchone()
        is not None
    )


def fan_out(
    db: Database, report: PollReport, accepted: Accepted, *, hold: str | None = None, now_ms: int
) -> FanOut:
    """Turn what a source newly shows into wishes of its subscribers; `hold` is why they are held back.

    A subscription that sees the source for the first time gets what its backlog policy chooses.
    """
    result = FanOut()
    fresh = [c.key for c in report.candidates if accepted.ids[c.key] in accepted.new_sightings]
    for row in _active(db, report.source_id):
        if row["primed_ms"] is None:
            chosen = choose(report.candidates, parse_backlog(row["backlog"]), now_ms=now_ms)
            keys = [c.key for c in report.candidates if c.key in chosen]
            passed = [accepted.ids[c.key] for c in report.candidates if c.key not in chosen]
            _judge(db, row["id"], passed, "backlog", now_ms)
            db.execute("UPDATE subscriptions SET primed_ms = ? WHERE id = ?", (now_ms, row["id"]))
        else:
            keys = fresh
        wanted = list(dict.fromkeys(accepted.ids[key] for key in keys))
        queued = _wish(db, row, wanted, now_ms, hold=hold if row["primed_ms"] is not None else None)
        if row["primed_ms"] is None:
            result.primed[row["id"]] = queued
        result.queued += queued
    return result


def newest_of(db: Database, subscription_id: int) -> HistoryId | None:
    """Return the newest link that the source of a subscription has shown."""
    row = db.execute(
        """SELECT sightings.history_id AS id FROM sightings
        JOIN subscriptions ON subscriptions.source_id = sightings.source_id
        WHERE subscriptions.id = ? ORDER BY sightings.seen_ms DESC, sightings.position DESC LIMIT 1""",
        (subscription_id,),
    ).fetchone()
    return None if row is None else HistoryId(row["id"])


def send_newest(db: Database, subscription_id: int, *, now_ms: int) -> bool:
    """Queue the newest link of a subscription's source; False if there is none, or it was queued before."""
    row = _one(db, subscription_id)
    newest = newest_of(db, subscription_id)
    return row is not None and newest is not None and _wish(db, row, [newest], now_ms) == 1


def tell_first_result(
    db: Database,
    report: PollReport,
    fanned: FanOut,
    *,
    next_check_ms: int,
    policy: PollingPolicy,
    now_ms: int,
) -> int:
    """Complete the answers to `/add` that wait for the first poll; return how many there were."""
    if report.status == "not_modified":
        return 0
    told = 0
    for row in _active(db, report.source_id):
        if (row["id"] not in fanned.primed) if report.status == "ok" else (row["primed_ms"] is not None):
            continue
        args: dict[str, object] = {"url": row["url"], "number": row["number"], "next_check_ms": next_check_ms}
        if report.status == "ok":
            code = "add.watching"
            args |= {
                "title": row["source_title"],
                "interval_s": checks.interval_of(db, report.source_id, policy, now_ms=now_ms).seconds,
                "entries": len(report.candidates),
                "queued": fanned.primed[row["id"]],
                "data": f"new:{row['id']}",
            }
        else:
            code = "add.unread"
            args |= {"error": report.error, "error_args": list(report.error_args)}
        told += notices.change(
            db, key=f"add:{row['id']}", only_from="add.", code=code, args=args, now_ms=now_ms
        )
    return told


def _active(db: Database, source_id: int) -> list[sqlite3.Row]:
    return _select(db, "subscriptions.source_id = ? AND subscriptions.state = 'active'", source_id)


def _one(db: Database, subscription_id: int) -> sqlite3.Row | None:
    rows = _select(db, "subscriptions.id = ? AND subscriptions.state = 'active'", subscription_id)
    return rows[0] if rows else None


def _select(db: Database, condition: str, value: int) -> list[sqlite3.Row]:
    return db.execute(
        f"""SELECT subscriptions.*, chats.once, chats.state AS chat_state, topics.state AS topic_state,
            sources.title AS source_title, sources.url AS url
        FROM subscriptions JOIN chats USING (chat_id) JOIN sources ON sources.id = subscriptions.source_id
        LEFT JOIN topics
            ON topics.chat_id = subscriptions.chat_id AND topics.topic_id = subscriptions.topic_id
        WHERE {condition} ORDER BY subscriptions.id""",
        (value,),
    ).fetchall()


def _wish(
    db: Database, row: sqlite3.Row, wanted: Sequence[HistoryId], now_ms: int, *, hold: str | None = None
) -> int:
    """Queue links for one subscription, and note what became of each; return how many are new there."""
    if not wanted:
        return 0
    history.make_ready(db, wanted, now_ms=now_ms)
    hold = hold or ("suspended" if row["chat_state"] == "suspended" else None)
    hold = hold or ("topic_suspended" if row["topic_state"] == "suspended" else None)
    queued = queue.enqueue(
        db,
        place=Place(chat_id=row["chat_id"], topic_id=row["topic_id"]),
        scope=row["topic_id"] if row["once"] == "topic" else 0,
        subscription_id=SubscriptionId(row["id"]),
        history_ids=wanted,
        hold=hold,
        now_ms=now_ms,
    )
    _judge(db, row["id"], [each for each in wanted if each in queued], "wanted", now_ms)
    _judge(db, row["id"], [each for each in wanted if each not in queued], "repeat", now_ms)
    return len(queued)


def _judge(
    db: Database, subscription_id: int, history_ids: Sequence[HistoryId], verdict: str, now_ms: int
) -> None:
    """Note a verdict; `wanted` stays, anything else gives way to a later wish."""
    db.execute(
        """INSERT INTO verdicts (subscription_id, history_id, verdict, at_ms)
        SELECT ?, value, ?, ? FROM json_each(?) WHERE true
        ON CONFLICT (subscription_id, history_id) DO UPDATE SET
            verdict = excluded.verdict, at_ms = excluded.at_ms
        WHERE verdicts.verdict <> 'wanted'""",
        (subscription_id, verdict, now_ms, json.dumps(list(history_ids))),
    )
