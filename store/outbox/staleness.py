"""Links that are no use to anybody after a while: they are dropped, visibly."""

from sqlite_utils import Database

REASON = "expired"


def drop_stale(db: Database, *, now_ms: int) -> int:
    """Drop what has waited longer than its subscription's `expire` allows; return how many posts that are.

    It counts from when the bot found the link for that chat. What may have been posted stays.
    """
    return db.execute(
        """UPDATE queue SET state = 'dropped', reason = ?, state_ms = ?
        WHERE expires_ms <= ? AND expires_ms IS NOT NULL AND state IN ('pending', 'held')
        AND lease_owner IS NULL AND reason IS NOT 'uncertain' AND message_id IS NULL""",
        (REASON, now_ms, now_ms),
    ).rowcount


def set_expiry(db: Database, subscription_id: int, expire_s: float | None) -> None:
    """Let what waits for a subscription go stale so many seconds after it was found, or never."""
    db.execute(
        """UPDATE queue SET expires_ms = CAST(created_ms + ? * 1000 AS INTEGER)
        WHERE subscription_id = ? AND state IN ('pending', 'held')""",
        (expire_s, subscription_id),
    )
