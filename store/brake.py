"""The flood brake: far more new links than usual are held, and the owner is asked once for all sources."""

import sqlite3

from sqlite_utils import Database

from store import notices, queue
from store.history import Accepted

REASON = "flood_brake"
SINCE_BACKUP = "since_backup"
_HELD = f"state = 'held' AND reason IN ('{REASON}', '{SINCE_BACKUP}')"
_TIMES_USUAL = 3
_LOOKED_BACK_MS = 14 * 86_400_000
_KEY = "flood"
_MOST_NAMED = 5


def hold_reason(
    db: Database, source: sqlite3.Row, accepted: Accepted, *, limit: int, now_ms: int
) -> str | None:
    """Return why the new links of a poll are held back, or None.

    A source that was read before shows more of them than `limit`, and than three times what it usually
    shows in the time since it was last read.
    """
    count = len(accepted.new_sightings)
    if limit == 0 or count <= limit or source["first_ok_ms"] is None:
        return None
    from_ms = max(source["first_ok_ms"], now_ms - _LOOKED_BACK_MS)
    usual = db.execute(
        "SELECT COUNT(*) FROM sightings WHERE source_id = ? AND seen_ms > ? AND seen_ms < ?",
        (source["id"], from_ms, now_ms),
    ).fetchone()[0]
    span_ms = max(1, source["last_ok_ms"] - from_ms)
    expected = usual / span_ms * max(0, now_ms - source["last_ok_ms"])
    return REASON if count > _TIMES_USUAL * expected else None


def holds(db: Database) -> bool:
    """Return whether anything is held that the owner is to be asked about."""
    return db.execute(f"SELECT 1 FROM queue WHERE {_HELD} LIMIT 1").fetchone() is not None


def ask(db: Database, *, alert: tuple[int, int], now_ms: int) -> int:
    """Ask about everything that the brake holds, in one question; return how many notices changed."""
    held = db.execute(
        f"""SELECT COALESCE(NULLIF(sources.title, ''), sources.url) AS title,
            COUNT(*) AS links, MAX(held.id) AS newest, MAX(held.restored) AS restored
        FROM (SELECT id, subscription_id, reason = '{SINCE_BACKUP}' AS restored
            FROM queue WHERE {_HELD}) AS held
        JOIN subscriptions ON subscriptions.id = held.subscription_id
        JOIN sources ON sources.id = subscriptions.source_id
        GROUP BY sources.id ORDER BY links DESC, sources.id"""
    ).fetchall()
    if not held:
        return 0
    args = {
        "sources": [[row["title"], row["links"]] for row in held[:_MOST_NAMED]],
        "others": len(held[_MOST_NAMED:]),
        "links": sum(row["links"] for row in held),
        "newest": max(row["newest"] for row in held),
    }
    if any(row["restored"] for row in held):
        args["restored"] = True
    return notices.keep(
        db, place=alert, key=_KEY, code="flood.question", args=args, closed="flood.answered", now_ms=now_ms
    )


def answer(db: Database, *, newest: int, verdict: str, now_ms: int) -> int:
    """Post or drop what was held when the question was asked; return how many posts that are.

    Args:
        db: the database.
        newest: the last row of the outbox that the question was about.
        verdict: `post` or `drop`.
        now_ms: wall clock.
    """
    if verdict == "post":
        count = queue.release(db, f"{_HELD} AND id <= ?", (newest,), now_ms)
    else:
        count = db.execute(
            f"""UPDATE queue SET state = 'dropped', reason = 'answered_drop', state_ms = ?
            WHERE {_HELD} AND id <= ?""",
            (now_ms, newest),
        ).rowcount
    if count:
        args = {"verdict": verdict, "links": count}
        notices.change(db, key=_KEY, only_from="flood.", code="flood.answered", args=args, now_ms=now_ms)
    return count
