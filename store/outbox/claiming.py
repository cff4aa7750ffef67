"""Whose turn it is: leasing the rows that may be sent now, one post a chat."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from core.pacing import PacingPolicy, Wait, wait_of
from core.posting.moments import is_silent
from core.posting.rules import PostingRules
from core.posting.turns import Pace, turn
from core.protocol import Delivery, Owner
from store import facts, judging, queue
from store.outbox import digests
from store.outbox.turns import CHAT_COLUMNS, ROW_COLUMNS, head_of, pace_of

LEASE_MS = 10 * 60_000
DOUBT_BLOCKS_MS = 2 * 60_000
_JUDGED_NEXT_MS = 1_000
"""So soon the rest of what is to be judged is judged."""
_NO_RULES = PostingRules().write()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Deliveries leased now, and when the next one could be (None: none is waiting for time).

    `unmarked` are links that were held, for their chat requires a token that they lack. Where nothing was
    leased, `unsettled` tells whether time alone may change something else in the outbox.
    """

    deliveries: tuple[Delivery, ...] = ()
    next_ms: int | None = None
    unmarked: tuple[Delivery, ...] = ()
    unsettled: bool = True


def claim_deliveries(db: Database, *, owner: Owner, limit: int, pacing: PacingPolicy, now_ms: int) -> Claimed:
    """Lease what may be sent now: one post a chat, of its first lane, longest unserved chats first.

    A chat with a row under way or in fresh doubt waits. Rows that wait for a time block those behind
    them in their lane, so that nothing is overtaken. How much waits behind them costs nothing.
    """
    judging.settle_due(db, now_ms=now_ms)
    frozen_ms = frozen_until_ms(db, now_ms)
    if frozen_ms is not None:
        return Claimed(next_ms=frozen_ms)
    ready, later = _ready(db, pacing, now_ms)
    deliveries: list[Delivery] = []
    unmarked: list[Delivery] = []
    for row in sorted(ready, key=_turn):
        if len(deliveries) == limit:
            break
        pace = pace_of(db, row, pacing, now_ms=now_ms, count=False)
        taken = digests.rows_for(db, row, pace, now_ms=now_ms)
        if isinstance(taken, Wait):
            later.append(taken.until_ms)
            continue
        marked, lacking = _split(db, taken)
        unmarked += lacking
        if marked:
            deliveries.append(_together(marked, pace, now_ms))
    if deliveries:
        _lease(db, [one.queue_id for delivery in deliveries for one in delivery.together], owner, now_ms)
    if unmarked:
        _hold_unmarked(db, unmarked, now_ms)
        later.append(now_ms)
    return Claimed(deliveries=tuple(deliveries), next_ms=min(later, default=None), unmarked=tuple(unmarked))


def _ready(db: Database, pacing: PacingPolicy, now_ms: int) -> tuple[list[sqlite3.Row], list[int]]:
    """Return the row of each chat whose turn it is, and the moments at which others may have theirs."""
    ready: dict[int, sqlite3.Row] = {}
    later: list[int] = []
    for row, wait in _waits(db, pacing, now_ms):
        if wait.until_ms > now_ms:
            later.append(wait.until_ms)
        elif row["undecided"]:
            later.append(now_ms + _JUDGED_NEXT_MS)
        elif row["chat_id"] not in ready or row["lane"] > ready[row["chat_id"]]["lane"]:
            ready[row["chat_id"]] = row
    return list(ready.values()), later


def _turn(row: sqlite3.Row) -> tuple[int, int]:
    return row["last_send_ms"] or 0, row["position"]


def freeze_everywhere(db: Database, *, until_ms: int, now_ms: int) -> None:
    """Send nothing anywhere before `until_ms`: Telegram's flood wait is about the whole bot."""
    facts.put(db, "flood_from_ms", str(now_ms))
    facts.put(db, "flood_until_ms", str(until_ms))


def frozen_until_ms(db: Database, now_ms: int) -> int | None:
    """Return until when nothing is sent anywhere, if that is so."""
    since, until = facts.get_both(db, "flood_from_ms", "flood_until_ms")
    if since is None or until is None or not int(since) <= now_ms < int(until):
        return None
    return int(until)


def _waits(db: Database, pacing: PacingPolicy, now_ms: int) -> Iterator[tuple[sqlite3.Row, Wait]]:
    """Give the first row of each lane of the chats that can be served, and how long each has to wait.

    The schedule of a chat that waits for something else is not asked: it could only make it wait longer.
    """
    for row in _heads(db, now_ms):
        head = head_of(row, row)
        wait = wait_of(head, gap_ms=pacing.gap_ms(row["type"]), now_ms=now_ms)
        if wait.until_ms <= now_ms and (row["at_ms"] is not None or row["schedule"] != _NO_RULES):
            pace = pace_of(db, row, pacing, now_ms=now_ms, count=False)
            wait = turn(head, pace, now_ms=now_ms)
            if pace.rules.cap is not None and wait.until_ms <= now_ms:
                wait = turn(head, pace_of(db, row, pacing, now_ms=now_ms), now_ms=now_ms)
        yield row, wait


def _heads(db: Database, now_ms: int) -> list[sqlite3.Row]:
    return db.execute(
        f"""SELECT {CHAT_COLUMNS}, {ROW_COLUMNS}
        FROM chats
        JOIN (SELECT 0 AS lane UNION ALL SELECT 1 UNION ALL SELECT 2) AS lanes
        JOIN queue AS head ON head.id = CASE lanes.lane
            WHEN 2 THEN (
                SELECT id FROM queue
                WHERE state = 'pending' AND lane = 2 AND chat_id = chats.chat_id
                ORDER BY at_ms, position LIMIT 1)
            ELSE (
                SELECT id FROM queue
                WHERE state = 'pending' AND chat_id = chats.chat_id AND lane = lanes.lane
                ORDER BY position LIMIT 1) END
        WHERE chats.state = 'active'
        AND NOT EXISTS (
            SELECT 1 FROM queue WHERE chat_id = chats.chat_id AND lease_owner IS NOT NULL)
        AND NOT EXISTS (
            SELECT 1 FROM queue
            WHERE chat_id = chats.chat_id AND state = 'uncertain'
            AND state_ms > :doubts_since AND state_ms <= :now)
        ORDER BY chats.chat_id""",
        {"doubts_since": now_ms - DOUBT_BLOCKS_MS, "now": now_ms},
    ).fetchall()


def _lease(db: Database, ids: Sequence[int], owner: Owner, now_ms: int) -> None:
    db.execute(
        """UPDATE queue SET lease_owner = ?, lease_until_ms = ?
        WHERE id IN (SELECT value FROM json_each(?))""",
        (str(owner), now_ms + LEASE_MS, json.dumps(list(ids))),
    )


def _split(db: Database, ids: Sequence[int]) -> tuple[list[Delivery], list[Delivery]]:
    """Return the posts to make, and those whose links lack a token that their chat requires."""
    found = [queue.delivery(db, each) for each in ids]
    marked = [delivery for delivery, lacks_erid in found if not lacks_erid]
    return marked, [delivery for delivery, lacks_erid in found if lacks_erid]


def _together(marked: Sequence[Delivery], pace: Pace, now_ms: int) -> Delivery:
    first, *others = marked
    silent = first.silent or is_silent(pace.rules, pace.zone, now_ms)
    return replace(first, silent=silent, more=tuple(others))


def _hold_unmarked(db: Database, deliveries: Sequence[Delivery], now_ms: int) -> None:
    db.execute(
        """UPDATE queue SET state = 'held', reason = 'no_erid', state_ms = ?
        WHERE id IN (SELECT value FROM json_each(?))""",
        (now_ms, json.dumps([each.queue_id for each in deliveries])),
    )
