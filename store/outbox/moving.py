"""What people do with what waits: now, earlier, later, at a time, not at all.

Every change is of one row that waits and is not under way; of any other nothing changes. Rows change
places within their lane only, so that a post by hand stays before what sources bring.
"""

import sqlite3
from typing import Literal

from sqlite_utils import Database

from store.queue import LANE_TIMED

Action = Literal["now", "up", "down", "drop"]
ACTIONS: tuple[Action, ...] = ("now", "up", "down", "drop")


def chat_of(db: Database, queue_id: int) -> int | None:
    """Return the chat that a row is for."""
    row = db.execute("SELECT chat_id FROM queue WHERE id = ?", (queue_id,)).fetchone()
    return None if row is None else int(row["chat_id"])


def waits(db: Database, queue_id: int) -> bool:
    """Tell whether a row waits, and is not under way."""
    return _waiting(db, queue_id) is not None


def act(db: Database, queue_id: int, action: Action, *, now_ms: int) -> str:
    """Do what a button says.

    Returns:
        A code: `queue_now`, `queue_moved`, `queue_dropped`, or why nothing changed: `queue_settled` where
        it waits no more, `queue_edge` where there is nothing to pass.
    """
    row = _waiting(db, queue_id)
    if row is None:
        return "queue_settled"
    match action:
        case "now":
            send_at(db, queue_id, at_ms=now_ms, now_ms=now_ms)
            return "queue_now"
        case "drop":
            drop(db, queue_id, now_ms=now_ms)
            return "queue_dropped"
        case "up" | "down":
            return "queue_moved" if _swap(db, row, up=action == "up") else "queue_edge"


def send_at(db: Database, queue_id: int, *, at_ms: int, now_ms: int) -> bool:
    """Let a waiting row go out at a moment, whatever its chat's schedule says; False if it waits no more.

    It never goes stale then.
    """
    return bool(
        db.execute(
            """UPDATE queue SET lane = ?, at_ms = ?, released_ms = ?, digest = 0, expires_ms = NULL
            WHERE id = ? AND state = 'pending' AND lease_owner IS NULL""",
            (LANE_TIMED, at_ms, now_ms, queue_id),
        ).rowcount
    )


def drop(db: Database, queue_id: int, *, now_ms: int) -> bool:
    """Let a waiting row never go out; False if it waits no more."""
    return bool(
        db.execute(
            """UPDATE queue SET state = 'dropped', reason = 'dropped_by_hand', state_ms = ?
            WHERE id = ? AND state = 'pending' AND lease_owner IS NULL""",
            (now_ms, queue_id),
        ).rowcount
    )


def _swap(db: Database, row: sqlite3.Row, *, up: bool) -> bool:
    """Let a row and its neighbour change places; False where there is none."""
    column = "at_ms" if row["lane"] == LANE_TIMED else "position"
    compare, order = ("<", "DESC") if up else (">", "ASC")
    other = db.execute(
        f"""SELECT id, position, at_ms, created_ms, released_ms FROM queue
        WHERE state = 'pending' AND lease_owner IS NULL AND chat_id = ? AND lane = ? AND topic_id = ?
        AND ({column}, position, id) {compare} (?, ?, ?)
        ORDER BY {column} {order}, position {order}, id {order} LIMIT 1""",
        (row["chat_id"], row["lane"], row["topic_id"], row[column], row["position"], row["id"]),
    ).fetchone()
    if other is None:
        return False
    for one, place in ((row, other), (other, row)):
        db.execute(
            "UPDATE queue SET position = ?, at_ms = ? WHERE id = ?",
            (place["position"], place["at_ms"], one["id"]),
        )
    return True


def _waiting(db: Database, queue_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM queue WHERE id = ? AND state = 'pending' AND lease_owner IS NULL", (queue_id,)
    ).fetchone()
    return row
