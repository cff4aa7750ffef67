"""Whether the outbox holds anything that time alone may change."""

from sqlite_utils import Database


def is_unsettled(db: Database) -> bool:
    """Return whether something waits for its turn, is in doubt, or goes stale one day.

    Where nothing does, only somebody who writes brings work for the publisher. Left to itself SQLite would
    look at every row that was ever sent, for the index that it prefers is no partial one.
    """
    row = db.execute(
        """SELECT EXISTS (SELECT 1 FROM queue INDEXED BY queue_heads WHERE state = 'pending')
        OR EXISTS (SELECT 1 FROM queue INDEXED BY queue_doubtful WHERE state = 'uncertain')
        OR EXISTS (SELECT 1 FROM queue WHERE state = 'held' AND reason = 'uncertain')
        OR EXISTS (SELECT 1 FROM queue WHERE expires_ms IS NOT NULL AND state IN ('pending', 'held'))"""
    ).fetchone()
    return bool(row[0])
