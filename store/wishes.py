"""Wishes: what a source newly shows, and which of its subscribers want it."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlite_utils import Database

from core.backlog import choose, parse_backlog
from core.page_policy import NO_PAGES, PagePolicy
from core.protocol import HistoryId, Place, PollReport, SubscriptionId
from store import queue, sifting, subscriptions, topics
from store.history import Accepted

_BROKEN_LOOKS = 2
"""So often a document that breaks off is not taken for all there is."""


class _Wished(NamedTuple):
    """What became of the links that one subscription was shown."""

    queued: int = 0
    filtered: int = 0


@dataclass(slots=True)
class FanOut:
    """What a document meant for the subscriptions of its source."""

    queued: int = 0
    filtered: int = 0
    primed: dict[int, int] = field(default_factory=dict)
    """Subscriptions that got their backlog now, with how many posts that made."""


def fan_out(
    db: Database,
    report: PollReport,
    accepted: Accepted,
    *,
    hold: str | None = None,
    pages: PagePolicy = NO_PAGES,
    now_ms: int,
) -> FanOut:
    """Turn what a source newly shows into wishes of its subscribers; `hold` is why they are held back.

    A subscription that sees the source for the first time gets what its backlog policy chooses. A document
    that breaks off is no such first sight: what lies beyond the break would come as new the next time.
    Only one that has broken off at three looks is taken as it is. Nor is one of which only the news are told.
    """
    result = FanOut()
    fresh = [c.key for c in report.candidates if accepted.ids[c.key] in accepted.new_sightings]
    for row in subscriptions.active(db, report.source_id):
        if row["paused_ms"] is not None:  # it has yet to catch up, with these among the others
            continue
        if row["primed_ms"] is None and not report.whole:
            continue
        if row["primed_ms"] is None and not report.complete and row["broken_looks"] < _BROKEN_LOOKS:
            db.execute("UPDATE subscriptions SET broken_looks = broken_looks + 1 WHERE id = ?", (row["id"],))
            continue
        if row["primed_ms"] is None:
            chosen = choose(report.candidates, parse_backlog(row["backlog"]), now_ms=now_ms)
            keys = [c.key for c in report.candidates if c.key in chosen]
            passed = [accepted.ids[c.key] for c in report.candidates if c.key not in chosen]
            _judge(db, row["id"], passed, "backlog", now_ms)
            db.execute("UPDATE subscriptions SET primed_ms = ? WHERE id = ?", (now_ms, row["id"]))
        else:
            keys = fresh
        wanted = list(dict.fromkeys(accepted.ids[key] for key in keys))
        if row["primed_ms"] is not None:
            wanted = _unjudged(db, row["id"], wanted)
        brake = hold if row["primed_ms"] is not None else None
        wished = _wish(db, row, wanted, now_ms, hold=brake, pages=pages)
        if row["primed_ms"] is None:
            result.primed[row["id"]] = wished.queued
        result.queued += wished.queued
        result.filtered += wished.filtered
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


def wish_unjudged(db: Database, subscription_id: int, links: Sequence[HistoryId], *, now_ms: int) -> int:
    """Wish for those links of which a subscription has not decided anything; return how many that made."""
    row = subscriptions.one(db, subscription_id)
    return 0 if row is None else _wish(db, row, _unjudged(db, subscription_id, links), now_ms).queued


def send_newest(db: Database, subscription_id: int, *, now_ms: int) -> bool:
    """Queue the newest link of a subscription's source, whatever its rules: somebody asks for this one.

    False if there is none, or it was queued before.
    """
    row = subscriptions.one(db, subscription_id)
    newest = newest_of(db, subscription_id)
    if row is None or newest is None:
        return False
    return _queue(db, row, sifting.unsifted(db, row, [newest], now_ms=now_ms), now_ms) == 1


def take_backlog(
    db: Database,
    row: sqlite3.Row,
    wanted: Sequence[HistoryId],
    passed: Sequence[HistoryId],
    *,
    pages: PagePolicy = NO_PAGES,
    now_ms: int,
) -> int:
    """Wish for some links for one subscription, and note that it passes the others; return how many."""
    _judge(db, row["id"], passed, "backlog", now_ms)
    return _wish(db, row, wanted, now_ms, pages=pages).queued


def _wish(
    db: Database,
    row: sqlite3.Row,
    wanted: Sequence[HistoryId],
    now_ms: int,
    *,
    hold: str | None = None,
    pages: PagePolicy = NO_PAGES,
) -> _Wished:
    """Queue those links that the rules of a subscription want, and note what became of each."""
    if not wanted:
        return _Wished()
    sifted = sifting.sift(db, row, wanted, pages=pages if row["pages"] else NO_PAGES, now_ms=now_ms)
    if sifted.stopped:
        sifting.note_stopped(db, row["id"], sifted.stopped, now_ms=now_ms)
    return _Wished(queued=_queue(db, row, sifted, now_ms, hold=hold), filtered=len(sifted.stopped))


def _queue(
    db: Database, row: sqlite3.Row, sifted: sifting.Sifted, now_ms: int, *, hold: str | None = None
) -> int:
    hold = hold or ("approval" if row["approve"] else None)
    hold = hold or ("suspended" if row["chat_state"] == "suspended" else None)
    queued: set[HistoryId] = set()
    for topic_id, links in sifted.runs:
        closed = row["topic_state"] == "suspended"
        if topic_id != row["topic_id"]:
            closed = topics.is_closed(db, row["chat_id"], topic_id)
        queued |= queue.enqueue(
            db,
            place=Place(chat_id=row["chat_id"], topic_id=topic_id),
            scope=topic_id if row["once"] == "topic" else 0,
            subscription_id=SubscriptionId(row["id"]),
            history_ids=links,
            hold=hold or ("topic_suspended" if closed else None),
            until=sifted.until,
            now_ms=now_ms,
        )
    if sifted.decisions:
        sifting.mark(db, row, sifted, queued)
    wanted = [link for _, links in sifted.runs for link in links]
    _judge(db, row["id"], [each for each in wanted if each in queued], "wanted", now_ms)
    _judge(db, row["id"], [each for each in wanted if each not in queued], "repeat", now_ms)
    return len(queued)


def _unjudged(db: Database, subscription_id: int, links: Sequence[HistoryId]) -> list[HistoryId]:
    """Return those links of which a subscription has not decided anything, be it at another source."""
    if not links:
        return []
    judged = db.execute(
        """SELECT history_id FROM verdicts
        WHERE subscription_id = ? AND history_id IN (SELECT value FROM json_each(?))""",
        (subscription_id, json.dumps(list(links))),
    ).fetchall()
    known = {row["history_id"] for row in judged}
    return [link for link in links if link not in known]


def _judge(
    db: Database, subscription_id: int, history_ids: Sequence[HistoryId], verdict: str, now_ms: int
) -> None:
    """Note a verdict; `wanted` stays, anything else gives way to a later wish."""
    if not history_ids:
        return
    db.execute(
        """INSERT INTO verdicts (subscription_id, history_id, verdict, at_ms)
        SELECT ?, value, ?, ? FROM json_each(?) WHERE true
        ON CONFLICT (subscription_id, history_id) DO UPDATE SET
            verdict = excluded.verdict, at_ms = excluded.at_ms
        WHERE verdicts.verdict <> 'wanted'""",
        (subscription_id, verdict, now_ms, json.dumps(list(history_ids))),
    )
