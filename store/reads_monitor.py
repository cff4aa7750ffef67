"""What the monitor shows of the database, at a cost that does not grow with what was ever posted."""

from dataclasses import dataclass

from sqlite_utils import Database

from store import reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """Rows of the outbox that wait for something, and sources, by state."""

    waiting: dict[str, int]
    oldest_pending_ms: int | None
    sources: dict[str, int]
    failing: dict[str, int]
    """Sources that cannot be read, by the code of the reason."""


def monitored(db: Database) -> Monitored:
    """Count what waits, by partial indexes: the cost is that of what waits now, and of the sources."""
    pending, oldest_ms = db.execute(
        "SELECT COUNT(*), MIN(created_ms) FROM queue INDEXED BY queue_heads WHERE state = 'pending'"
    ).fetchone()
    return Monitored(
        waiting={
            "pending": pending,
            "sending": _number(db, "queue_leased", "lease_owner IS NOT NULL AND state = 'sending'"),
            "uncertain": _number(db, "queue_doubtful", "state = 'uncertain'"),
            "held": _number(db, "queue_held", "state = 'held'"),
        },
        oldest_pending_ms=oldest_ms,
        sources={row[0]: row[1] for row in db.execute("SELECT state, COUNT(*) FROM sources GROUP BY state")},
        failing={
            row[0] or "throttled": row[1]
            for row in db.execute(
                """SELECT error, COUNT(*) FROM sources WHERE failing_since_ms IS NOT NULL
                GROUP BY error ORDER BY 2 DESC"""
            )
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Rows of the outbox that wait for nothing any more, by state, and the duplicates among them."""

    rows: dict[str, int]
    duplicates: int


def settled(db: Database) -> Settled:
    """Count the rows of the outbox that wait for nothing any more.

    This looks at every row that there is, in an index: ask seldom.
    """
    known = {"sent": 0, "dropped": 0, "dead": 0}
    counted = db.execute(
        """SELECT state, COUNT(*) FROM queue INDEXED BY queue_subscription
        WHERE state IN ('sent', 'dropped', 'dead') GROUP BY state"""
    )
    rows = known | {row[0]: row[1] for row in counted}
    return Settled(rows=rows, duplicates=reads.duplicates(db))


def _number(db: Database, index: str, condition: str) -> int:
    return int(db.execute(f"SELECT COUNT(*) FROM queue INDEXED BY {index} WHERE {condition}").fetchone()[0])
