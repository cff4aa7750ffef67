"""What waits for a chat, when it will go out, and why not before."""

import sqlite3
from dataclasses import dataclass, replace

from sqlite_utils import Database

from core.pacing import PacingPolicy, Wait
from core.posting.turns import Pace, forecast
from store.outbox import digests
from store.outbox.claiming import frozen_until_ms
from store.outbox.schedules import chat_row
from store.outbox.turns import ROW_COLUMNS, head_of, pace_of
from store.queue import LANE_FEED, LANE_HAND, LANE_TIMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One link that waits for a chat.

    Attributes:
        next_ms: when it goes out, as far as can be told; None where nobody knows.
        why: code of what it waits for.
    """

    queue_id: int
    topic_id: int
    title: str
    url: str
    lane: int
    next_ms: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The first links that wait for a chat in the order in which they go out, and how many there are."""

    rows: tuple[Waiting, ...]
    total: int
    held: dict[str, int]
    zone: str


def queue_of(db: Database, chat_id: int, *, limit: int, pacing: PacingPolicy, now_ms: int) -> Queue:
    """Return what waits for a chat, the first `limit` links of it."""
    chat = chat_row(db, chat_id)
    if chat is None:
        return Queue(rows=(), total=0, held={}, zone=pacing.zone)
    found: list[Waiting] = []
    for lane in (LANE_TIMED, LANE_HAND, LANE_FEED):
        found += _lane(db, chat, lane, limit, pacing, now_ms)
    found.sort(key=lambda each: (each.next_ms is None, each.next_ms, -each.lane))
    total = db.execute(
        "SELECT COUNT(*) FROM queue WHERE chat_id = ? AND state = 'pending'", (chat_id,)
    ).fetchone()[0]
    held = db.execute(
        "SELECT reason, COUNT(*) FROM queue WHERE chat_id = ? AND state = 'held' GROUP BY reason ORDER BY 1",
        (chat_id,),
    ).fetchall()
    zone = pace_of(db, chat, pacing, now_ms=now_ms).zone.key
    return Queue(rows=tuple(found[:limit]), total=total, held={row[0]: row[1] for row in held}, zone=zone)


def chats_with_queue(db: Database) -> list[int]:
    """Return the chats for which something waits or is held."""
    rows = db.execute(
        """SELECT chat_id FROM chats WHERE EXISTS (
            SELECT 1 FROM queue WHERE queue.chat_id = chats.chat_id AND state IN ('pending', 'held'))
        ORDER BY chat_id"""
    ).fetchall()
    return [int(row["chat_id"]) for row in rows]


def _lane(
    db: Database, chat: sqlite3.Row, lane: int, limit: int, pacing: PacingPolicy, now_ms: int
) -> list[Waiting]:
    order = "head.at_ms, head.position" if lane == LANE_TIMED else "head.position"
    rows = db.execute(
        f"""SELECT {ROW_COLUMNS}, title, url FROM queue AS head JOIN history ON history.id = head.history_id
        WHERE head.state = 'pending' AND head.chat_id = ? AND head.lane = ? ORDER BY {order} LIMIT ?""",
        (chat["chat_id"], lane, limit),
    ).fetchall()
    pace = pace_of(db, chat, pacing, now_ms=now_ms)
    waits = forecast([head_of(row, chat) for row in rows], pace, now_ms=now_ms)
    stopped = _stopped(db, chat, now_ms)
    foreseen = [_waiting(row, stopped or wait) for row, wait in zip(rows, waits, strict=True)]
    return foreseen if stopped or not rows else _folded(db, chat, rows[0], foreseen, pace)


def _folded(
    db: Database, chat: sqlite3.Row, first: sqlite3.Row, foreseen: list[Waiting], pace: Pace
) -> list[Waiting]:
    """Return the same with the moment of the first one for those that would share a digest with it."""
    at_ms = foreseen[0].next_ms
    if at_ms is None or foreseen[0].lane != LANE_FEED:
        return foreseen
    together = digests.foreseen(db, chat, first, pace, at_ms=at_ms)
    return [
        replace(each, next_ms=at_ms, why="fold") if each.queue_id in together else each for each in foreseen
    ]


def _stopped(db: Database, chat: sqlite3.Row, now_ms: int) -> Wait | None:
    """Return what stops the whole chat, or the whole bot."""
    if chat["state"] != "active":
        return Wait(until_ms=0, why="suspended")
    frozen_ms = frozen_until_ms(db, now_ms)
    return None if frozen_ms is None else Wait(until_ms=frozen_ms, why="flood_wait")


def _waiting(row: sqlite3.Row, wait: Wait) -> Waiting:
    return Waiting(
        queue_id=row["id"],
        topic_id=row["topic_id"],
        title=row["title"],
        url=row["url"],
        lane=row["lane"],
        next_ms=wait.until_ms or None,
        why=wait.why,
    )
