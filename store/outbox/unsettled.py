"""Whether the outbox holds anything that time alone may change."""

from sqlite_utils import Database


def is_unsettled(db: Database) -> bool:
    """Return whether something waits for its turn, is in doubt, or goes stale one day.

    Where nothing does, only somebody who writes brings work for the publisher.
    """
    row = db.execute(
        """SELECT EXISTS (SELECT 1 FROM queue WHERE state = 'pending')
        OR EXISTS (SELECT 1 FROM queue WHERE state = 'uncertain')
        OR EXISTS (SELECT 1 FROM queue WHERE state = 'held' AND reason = 'uncertain')
        OR EXISTS (SELECT 1 FROM queue WHERE expires_ms IS NOT NULL AND state IN ('pending', 'held'))"""
    ).fetchone()
    return bool(row[0])
