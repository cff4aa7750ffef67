"""Leasing sources whose check is due to a poller, and taking the leases back."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from core.access import Access
from core.memory import Memory
from core.protocol import DueSource, Owner, SourceId, Validators
from store import facts
from store.processes import is_dead, parameters

LEASE_MS = 10 * 60_000
_FULL_EVERY_MS = 24 * 3_600_000
_POLLED = "state IN ('probing', 'active')"
_ALONG_MS = 60_000
_ALONG = """next_check_reason = 'interval' AND next_check_ms - scheduled_ms >= 300000
    AND (next_check_ms - :due_by) * 16 <= next_check_ms - scheduled_ms"""
"""SQL: so little is left of an interval, of five minutes at least, that the poll may come now."""
_HUNG = "timeout"
_WINDOW = 2
"""So many times as many sources are looked at as there is room for: some may be of one host."""
_LOOKED_AHEAD = 32
"""So many of the sources that are due next are looked at for those that may come along."""
_MEMORY = "memory_secret"
_BY_TIME = "sources INDEXED BY sources_due"
"""Left to itself SQLite prefers the index of states, and each claim would look at every source there is."""
_CLAIMED = """id, kind, url, host, credentials, etag, last_modified, body_hash, seen_keys, children, moved_to,
    fragments_differ, errors, error, last_full_ms, next_check_ms,
    json_remove(rules, '$.access') AS kind_rules, EXISTS (
    SELECT 1 FROM subscriptions
    WHERE source_id = sources.id AND subscriptions.state = 'active' AND primed_ms IS NULL) AS unprimed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a poller can take on now."""

    sources: int
    hung: int
    """So many of them may be sources whose last fetch ended by its deadline."""
    busy_hosts: Collection[str] = ()
    """Hosts that are not to be asked now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Sources leased now, and what comes after them."""

    due: tuple[DueSource, ...] = ()
    waiting: bool = False
    """More are due, and wait for their hosts, or for room."""
    following_ms: int | None = None
    """When the next one will be due that is not yet."""
    lapses_ms: int | None = None
    """When the first lease runs out of those that are held now."""


def claim_due(
    db: Database,
    *,
    owner: Owner,
    room: Room,
    now_ms: int,
    due_by_ms: int | None = None,
    set_back: bool = True,
) -> Claimed:
    """Lease sources whose check is due now, or was at `due_by_ms`; the longest due first, one of a host.

    Where there is room, those come along that are due within a sixteenth of their interval, a minute at
    most: what is asked together is recorded together, and the disk is left alone for longer.
    A source that was scheduled in what is now the future is due at once; `set_back` says that the clock may
    have jumped back since the last claim, for there is no index that would find such sources.
    One with a subscription that waits for its backlog is read in full, without validators, and so is
    one that moves, and each once a day: some servers say "not modified" of what has changed.
    """
    if set_back:
        db.execute(
            f"""UPDATE sources SET next_check_ms = :now, scheduled_ms = :now
            WHERE {_POLLED} AND scheduled_ms > :now""",
            {"now": now_ms},
        )
    alone = due_by_ms is not None
    if due_by_ms is None:
        due_by_ms = now_ms
    chosen = _choose(db, room, due_by_ms=due_by_ms, now_ms=now_ms, alone=alone)
    rows = db.execute(
        f"""UPDATE sources SET lease_owner = ?, lease_until_ms = ?
        WHERE id IN (SELECT value FROM json_each(?))
        RETURNING {_CLAIMED}""",
        (str(owner), now_ms + LEASE_MS, json.dumps(chosen)),
    ).fetchall()
    rows.sort(key=lambda row: (row["next_check_ms"], row["id"]))
    following = db.execute(
        f"""SELECT EXISTS (
            SELECT 1 FROM {_BY_TIME}
            WHERE {_POLLED} AND next_check_ms <= :by AND lease_owner IS NULL) AS waiting,
        (SELECT MIN(next_check_ms) FROM {_BY_TIME}
            WHERE {_POLLED} AND next_check_ms > :by AND lease_owner IS NULL) AS ms,
        (SELECT MIN(lease_until_ms) FROM sources INDEXED BY sources_leased
            WHERE {_POLLED} AND lease_owner IS NOT NULL AND lease_until_ms > :now) AS lapses_ms""",
        {"by": due_by_ms, "now": now_ms},
    ).fetchone()
    secret = facts.secret(db, _MEMORY)
    return Claimed(
        due=tuple(_due(row, secret, now_ms) for row in rows),
        waiting=bool(following["waiting"]),
        following_ms=following["ms"],
        lapses_ms=following["lapses_ms"],
    )


def lease(db: Database, source_id: SourceId, *, owner: Owner, now_ms: int) -> DueSource | None:
    """Lease one source that is due, to somebody who has fetched it just now; None where others are at it."""
    row = db.execute(
        f"""UPDATE sources SET lease_owner = ?, lease_until_ms = ?
        WHERE id = ? AND {_POLLED} AND lease_owner IS NULL AND next_check_ms <= ?
        RETURNING {_CLAIMED}""",
        (str(owner), now_ms + LEASE_MS, source_id, now_ms),
    ).fetchone()
    return None if row is None else _due(row, facts.secret(db, _MEMORY), now_ms)


def make_secret(db: Database, *, fresh: bytes) -> None:
    """Take `fresh` (16 bytes of chance) as the key of what sources showed last, unless there is one."""
    if facts.get(db, _MEMORY) is None:
        facts.put(db, _MEMORY, fresh.hex())


def release_dead_leases(db: Database, *, owner: Owner) -> int:
    """Give back the sources that dead pollers had claimed; return how many."""
    return db.execute(
        f"""UPDATE sources SET lease_owner = NULL
        WHERE lease_owner IS NOT NULL AND {is_dead("lease_owner")}""",
        parameters(owner),
    ).rowcount


def give_back(db: Database, source_ids: Sequence[SourceId], *, owner: Owner) -> None:
    """Return leased sources that were not polled."""
    db.execute(
        """UPDATE sources SET lease_owner = NULL
        WHERE lease_owner = ? AND id IN (SELECT value FROM json_each(?))""",
        (str(owner), json.dumps(list(source_ids))),
    )


def _choose(db: Database, room: Room, *, due_by_ms: int, now_ms: int, alone: bool) -> list[int]:
    """Choose by time, at most one of a host; those that wait for their host are looked at again soon.

    Of the first sources that are due hardly one is at a busy host: such hosts have been asked just now. To
    have SQLite pass over all busy hosts takes longer, and is left to where that is not so.
    """
    due = {"due_by": due_by_ms, "now": now_ms, "until": now_ms + LEASE_MS}
    rows = _longest_due(db, room, due)
    chosen = _one_of_each_host(rows, room)
    if room.busy_hosts and len(chosen) < room.sources and len(rows) == _WINDOW * room.sources:
        chosen = _one_of_each_host(_longest_due(db, room, due, passed_over=room.busy_hosts), room)
    if rows and len(chosen) < room.sources and len(rows) < room.sources and not alone:
        chosen = _one_of_each_host([*rows, *_due_soon(db, room, due)], room)
    return chosen


def _due_soon(db: Database, room: Room, due: Mapping[str, int]) -> list[sqlite3.Row]:
    """Return those that may come along, among the few that are due next."""
    return db.execute(
        f"""SELECT id, host, error = '{_HUNG}' AS hung FROM (
            SELECT * FROM {_BY_TIME}
            WHERE {_POLLED} AND next_check_ms > :due_by AND next_check_ms <= :due_by + {_ALONG_MS}
            ORDER BY next_check_ms LIMIT {_LOOKED_AHEAD})
        WHERE {_ALONG} AND lease_owner IS NULL ORDER BY next_check_ms LIMIT :room""",
        {"due_by": due["due_by"], "room": room.sources},
    ).fetchall()


def _longest_due(
    db: Database, room: Room, due: Mapping[str, int], *, passed_over: Collection[str] = ()
) -> list[sqlite3.Row]:
    of_others = "AND host NOT IN (SELECT value FROM json_each(:busy))" if passed_over else ""
    return db.execute(
        f"""SELECT id, host, error = '{_HUNG}' AS hung FROM {_BY_TIME}
        WHERE {_POLLED} AND next_check_ms <= :due_by
        AND (lease_owner IS NULL OR lease_until_ms <= :now OR lease_until_ms > :until)
        AND (:hung > 0 OR error IS NULL OR error <> '{_HUNG}') {of_others}
        ORDER BY next_check_ms LIMIT :window""",
        {
            **due,
            "hung": room.hung,
            "window": _WINDOW * room.sources,
            **({"busy": json.dumps(list(passed_over))} if passed_over else {}),
        },
    ).fetchall()


def _one_of_each_host(rows: Sequence[sqlite3.Row], room: Room) -> list[int]:
    chosen: dict[str, int] = {}
    hung = 0
    for row in rows:
        host = row["host"]
        if host in room.busy_hosts or host in chosen or (row["hung"] and hung == room.hung):
            continue
        if len(chosen) == room.sources:
            break
        chosen[host] = row["id"]
        hung += bool(row["hung"])
    return list(chosen.values())


def _due(row: sqlite3.Row, secret: bytes, now_ms: int) -> DueSource:
    whole = (
        row["unprimed"]
        or row["moved_to"] is not None
        or not 0 <= now_ms - row["last_full_ms"] < _FULL_EVERY_MS
    )
    return DueSource(
        source_id=SourceId(row["id"]),
        kind=row["kind"],
        url=row["url"],
        rules=row["kind_rules"],
        access=Access.read(row["credentials"]),
        host=row["host"],
        hung=row["error"] == _HUNG,
        validators=Validators()
        if whole
        else Validators(etag=row["etag"], last_modified=row["last_modified"], body_hash=row["body_hash"]),
        children={} if whole else _children_from(row["children"]),
        memory=Memory(secret=secret, packed=b"" if whole else row["seen_keys"] or b""),
        fragments=bool(row["fragments_differ"]),
        errors=row["errors"],
    )


def _children_from(text: str) -> dict[str, Validators]:
    if text == "{}":  # as of nearly all sources
        return {}
    return {url: _child_from(*values) for url, values in json.loads(text).items()}


def _child_from(
    etag: str | None, last_modified: str | None, body_hash: str, listed_ms: int | None = None
) -> Validators:
    known_hash = bytes.fromhex(body_hash) or None
    return Validators(etag=etag, last_modified=last_modified, body_hash=known_hash, listed_ms=listed_ms)
