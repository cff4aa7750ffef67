"""What came while a subscription paused: decided on once, when its source has been looked at again."""

import sqlite3

from sqlite_utils import Database

from core.backlog import Dated, choose_missed, parse_backlog
from core.page_policy import PagePolicy
from core.protocol import HistoryId, PollReport
from store import subscriptions, wishes

_BROKEN_LOOKS = 2
"""So often a document that breaks off is not taken for all there is."""


def at_poll(db: Database, report: PollReport, *, pages: PagePolicy, now_ms: int) -> int:
    """Decide for those subscriptions of a source that has been read; return how many posts that makes.

    Call it when the report's entries are recorded, and before they are offered to everybody.
    """
    if report.status not in ("ok", "not_modified"):
        return 0
    rows = db.execute(
        """SELECT id, broken_looks FROM subscriptions
        WHERE source_id = ? AND paused_ms IS NOT NULL AND state = 'active'""",
        (report.source_id,),
    ).fetchall()
    queued = 0
    for row in rows:
        if not report.complete and row["broken_looks"] < _BROKEN_LOOKS:
            db.execute("UPDATE subscriptions SET broken_looks = broken_looks + 1 WHERE id = ?", (row["id"],))
        else:
            queued += settle(db, row["id"], pages=pages, now_ms=now_ms)
    return queued


def settle(db: Database, subscription_id: int, *, pages: PagePolicy, now_ms: int) -> int:
    """Post what its policy chooses of all that its source has shown since the pause began.

    Of the rest it is noted that nobody wanted it (`backlog`). Safe to repeat.
    """
    row = subscriptions.one(db, subscription_id)
    if row is None or row["paused_ms"] is None:
        return 0
    missed = _missed(db, row)
    entries = [Dated(key=str(each["id"]), published_ms=each["published_ms"]) for each in missed]
    chosen = choose_missed(
        entries, parse_backlog(row["catch_up"]), resumed_ms=row["state_ms"] or now_ms, now_ms=now_ms
    )
    wanted = [HistoryId(each["id"]) for each in missed if str(each["id"]) in chosen]
    passed = [HistoryId(each["id"]) for each in missed if str(each["id"]) not in chosen]
    queued = wishes.take_backlog(db, row, wanted, passed, pages=pages, now_ms=now_ms)
    db.execute(
        "UPDATE subscriptions SET paused_ms = NULL, catch_up = 'none', broken_looks = 0 WHERE id = ?",
        (subscription_id,),
    )
    return queued


def _missed(db: Database, row: sqlite3.Row) -> list[sqlite3.Row]:
    """Return what its source has shown since the pause began, and it has not decided on, in order."""
    return db.execute(
        """SELECT history.id, published_ms FROM sightings JOIN history ON history.id = history_id
        WHERE source_id = :source AND seen_ms >= :since AND NOT EXISTS (
            SELECT 1 FROM verdicts WHERE subscription_id = :id AND verdicts.history_id = history.id)
        ORDER BY seen_ms, position""",
        {"source": row["source_id"], "since": row["paused_ms"], "id": row["id"]},
    ).fetchall()
