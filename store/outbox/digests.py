"""Digests: many links in one post, where a chat wants it so or too much was let go at once.

The rows of a digest point to one post and share its fate. What somebody posted by hand is never among
them, nor what has a text of its own, nor what Telegram refused once.
"""

import json
import sqlite3
from collections.abc import Sequence
from itertools import takewhile

from sqlite_utils import Database

from core.pacing import Wait
from core.posting.turns import Pace, through_ms
from store.outbox.turns import ROW_COLUMNS, entered_ms, head_of
from store.queue import LANE_FEED

MOST_LINKS = 80
"""Telegram formats a hundred spans of a message."""
_LOOKS_AT = 400
_PATIENCE_MS = 15 * 60_000


def rows_for(db: Database, row: sqlite3.Row, pace: Pace, *, now_ms: int) -> list[int] | Wait:
    """Return the ids of the rows that go out in one post with this one, whose turn it is; it comes first.

    Pages that are still read are waited for, a quarter of an hour at most: a link may turn out to be
    one that is known. Then it is a Wait that is returned.
    """
    alone = [int(row["id"])]
    if row["lane"] != LANE_FEED or not _can_share(row):
        return alone
    least = 1 if row["digest"] or pace.rules.digest else pace.rules.fold
    if not least or not _more_than(db, row, least):
        return alone
    head = head_of(row, row)
    until_ms = through_ms(head, pace, now_ms=now_ms)
    behind = _behind(db, row["chat_id"], row, limit=max(2 * MOST_LINKS, least + 1))
    together = list(takewhile(lambda each: _belongs(each, until_ms, now_ms), behind))
    if len(together) <= least:
        return alone
    ids = [int(each["id"]) for each in together[:MOST_LINKS]]
    ready_ms = max(_ready_ms(each, now_ms) for each in together[:MOST_LINKS])
    if ready_ms > now_ms:
        return Wait(until_ms=ready_ms, why="page")
    _begin(db, [int(each["id"]) for each in together])
    return ids


def _more_than(db: Database, row: sqlite3.Row, least: int) -> bool:
    """Return whether more rows than that wait in a row's lane, itself among them: mostly there are not."""
    found = db.execute(
        """SELECT 1 FROM queue WHERE state = 'pending' AND chat_id = ? AND lane = ? AND position >= ?
        ORDER BY position LIMIT 1 OFFSET ?""",
        (row["chat_id"], LANE_FEED, row["position"], least),
    ).fetchone()
    return found is not None


def _behind(db: Database, chat_id: int, row: sqlite3.Row, *, limit: int) -> list[sqlite3.Row]:
    """Return what waits for the topic of a row, that row first; where topics alternate, a part of it."""
    return db.execute(
        f"""SELECT * FROM (
            SELECT {ROW_COLUMNS} FROM queue AS head
            WHERE head.state = 'pending' AND head.chat_id = ? AND head.lane = ? AND head.position >= ?
            ORDER BY head.position LIMIT ?)
        WHERE topic_id = ? LIMIT ?""",
        (chat_id, LANE_FEED, row["position"], max(_LOOKS_AT, limit), row["topic_id"], limit),
    ).fetchall()


def _belongs(row: sqlite3.Row, until_ms: int, now_ms: int) -> bool:
    if not _can_share(row) or row["undecided"] or _ready_ms(row, now_ms) > now_ms + _PATIENCE_MS:
        return False
    return entered_ms(row) <= until_ms or bool(row["digest"])


def _ready_ms(row: sqlite3.Row, now_ms: int) -> int:
    waits = row["waits_from_ms"] <= now_ms
    return int(row["not_before_ms"]) if waits else now_ms


def _begin(db: Database, ids: Sequence[int]) -> None:
    """Note what belongs to a digest, so that what is left over when a post is full is one too."""
    db.execute(
        "UPDATE queue SET digest = 1 WHERE digest = 0 AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )


def foreseen(db: Database, chat: sqlite3.Row, row: sqlite3.Row, pace: Pace, *, at_ms: int) -> frozenset[int]:
    """Return the ids of the rows that share a post with a chat's first one, should its turn come at `at_ms`.

    Only those that are too many at once: what a digest of the schedule holds, the schedule tells.
    """
    if row["lane"] != LANE_FEED or pace.rules.digest or not pace.rules.fold or not _can_share(row):
        return frozenset()
    until_ms = through_ms(head_of(row, chat), pace, now_ms=at_ms)
    behind = _behind(db, chat["chat_id"], row, limit=max(2 * MOST_LINKS, pace.rules.fold + 1))
    together = list(takewhile(lambda each: _belongs(each, until_ms, at_ms), behind))
    return frozenset(int(each["id"]) for each in together) if len(together) > pace.rules.fold else frozenset()


def _can_share(row: sqlite3.Row) -> bool:
    return not row["refusals"] and not row["own"]
