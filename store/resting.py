"""What rests while nobody wants it: sources without subscribers, posts of subscriptions that pause."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

from store import queue

PAUSED = "paused"


def rest_idle(db: Database, source_ids: Sequence[int]) -> None:
    """Let those sources rest that nobody watches now; they forget values of their own if nobody pauses."""
    rest(db, source_ids)
    forget_values(db, source_ids)


def rest(db: Database, source_ids: Sequence[int]) -> None:
    """Let those sources rest that nobody watches now."""
    db.execute(
        """UPDATE sources SET state = 'paused'
        WHERE id IN (SELECT value FROM json_each(?)) AND state IN ('probing', 'active') AND NOT EXISTS (
            SELECT 1 FROM subscriptions WHERE source_id = sources.id AND subscriptions.state = 'active')""",
        (json.dumps(list(source_ids)),),
    )


def forget_values(db: Database, source_ids: Sequence[int]) -> None:
    """Let those sources that rest forget values of their own, unless somebody only pauses."""
    db.execute(
        """UPDATE sources SET credentials = NULL
        WHERE id IN (SELECT value FROM json_each(?)) AND state = 'paused' AND NOT EXISTS (
            SELECT 1 FROM subscriptions WHERE source_id = sources.id AND subscriptions.state <> 'removed')""",
        (json.dumps(list(source_ids)),),
    )


def hold(db: Database, subscription_ids: Sequence[int], *, now_ms: int) -> None:
    """Hold back what waits for subscriptions that pause; who else in the place wants it gets it."""
    ids = json.dumps(list(subscription_ids))
    queue.pass_on(db, ids)
    db.execute(
        f"""UPDATE queue SET state = 'held', reason = '{PAUSED}', state_ms = ?
        WHERE state = 'pending' AND lease_owner IS NULL
        AND subscription_id IN (SELECT value FROM json_each(?))""",
        (now_ms, ids),
    )


def release(db: Database, subscription_ids: Sequence[int], *, now_ms: int) -> int:
    """Let go, in its order, of what was held for subscriptions that pause no more; return how much.

    What cannot be sent now for another reason is held for that one.
    """
    ids = json.dumps(list(subscription_ids))
    held = f"""state = 'held' AND reason = '{PAUSED}' AND subscription_id IN (
        SELECT id FROM subscriptions WHERE state = 'active' AND id IN (SELECT value FROM json_each(?)))"""
    db.execute(
        f"""UPDATE queue SET reason = 'suspended', state_ms = ? WHERE {held}
        AND (SELECT state FROM chats WHERE chats.chat_id = queue.chat_id) = 'suspended'""",
        (now_ms, ids),
    )
    db.execute(
        f"""UPDATE queue SET reason = 'topic_suspended', state_ms = ? WHERE {held}
        AND (SELECT state FROM topics
            WHERE topics.chat_id = queue.chat_id AND topics.topic_id = queue.topic_id) = 'suspended'""",
        (now_ms, ids),
    )
    return queue.release(db, held, (ids,), now_ms)
