"""What is known of a source when its poll is recorded, and what becomes of it: one look, one change.

Nearly all polls find nothing new, and most of what they say was said before. What differs is written, and
nothing else: SQLite renews every index of a column that is named, whether its value changes or not.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from core.protocol import PollReport, PollStatus, SourceId, Validators
from core.watch import silent_from_ms
from store import checks
from store.checks import SourceState

Changes = dict[str, object]
"""Columns of a source with their new values."""

_SQL = """SELECT sources.id, json_extract(rules, '$.access') AS own_of, sources.state, fragments_differ,
    next_check_reason, arrivals, hints, throttles, errors, error, error_args, first_ok_ms, last_ok_ms,
    moved_to, moved_polls, failing_since_ms, empty_since_ms, entries, hold_next,
    MIN(interval_s) AS asked, TOTAL(watching.id IS NOT NULL AND interval_s IS NULL) AS adaptive,
    TOTAL(watching.id IS NOT NULL AND primed_ms IS NULL) AS unprimed,
    TOTAL(paused_ms IS NOT NULL) AS behind
FROM sources LEFT JOIN subscriptions AS watching ON source_id = sources.id AND watching.state = 'active'
WHERE sources.id """


def look_up(db: Database, source_id: SourceId) -> sqlite3.Row | None:
    """Return what a quiet poll must know of a source; None if there is no such source.

    Beside columns of the source: `own_of` is the subscription it is read for alone; `asked` the least
    interval of its active subscriptions; `adaptive`, `unprimed` and `behind` are how many of them follow its
    rhythm, wait for their backlog, and have yet to catch up.
    """
    row: sqlite3.Row = db.execute(f"{_SQL} = ?", (source_id,)).fetchone()
    return None if row["id"] is None else row


def look_all_up(db: Database, source_ids: Sequence[SourceId]) -> dict[SourceId, sqlite3.Row]:
    """Return the same of many sources, by their ids; of what is no source, nothing."""
    rows = db.execute(
        f"{_SQL} IN (SELECT value FROM json_each(?)) GROUP BY sources.id", (json.dumps(source_ids),)
    ).fetchall()
    return {SourceId(row["id"]): row for row in rows}


def change(db: Database, source: sqlite3.Row, changes: Mapping[str, object]) -> None:
    """Write columns of a source."""
    change_all(db, tuple(changes), [(*changes.values(), source["id"])])


def change_all(db: Database, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write the same columns of many sources: a row has their values, and the id of the source."""
    named = ", ".join([f"{name} = ?" for name in columns])
    db.conn.executemany(f"UPDATE sources SET {named} WHERE id = ?", rows)


def of_state(
    source: sqlite3.Row, report: PollReport, state: SourceState, *, next_check_ms: int, now_ms: int
) -> Changes:
    """Return how the poll went, and when the next one is; the lease ends."""
    reached = report.status in ("ok", "not_modified")
    changes: Changes = {
        "lease_owner": None,
        "lease_until_ms": None,
        "next_check_ms": next_check_ms,
        "scheduled_ms": now_ms,
    }
    if reached:
        changes["last_ok_ms"] = now_ms
    said: Changes = {
        "next_check_reason": state.reason,
        "errors": state.errors,
        "throttles": state.throttles,
        "hints": checks.hints_text(state.hints),
        "error": None if state.throttled else report.error,
        "error_args": json.dumps(report.error_args) if report.error_args else "[]",
        "failing_since_ms": None if reached else _first(source["failing_since_ms"], now_ms),
        "first_ok_ms": _first(source["first_ok_ms"], now_ms) if reached else source["first_ok_ms"],
        "state": _standing(source["state"], report.status),
    }
    return changes | _unlike(source, said)


def _unlike(source: sqlite3.Row, said: Changes) -> Changes:
    return {name: value for name, value in said.items() if source[name] != value}


def _first(known_ms: int | None, now_ms: int) -> int:
    return now_ms if known_ms is None else known_ms


def _standing(state: str, status: PollStatus) -> str:
    if status == "gone" and state in ("probing", "active"):
        return "gone"
    return "active" if status in ("ok", "not_modified") and state == "probing" else state


def of_document(source: sqlite3.Row, report: PollReport, now_ms: int) -> Changes:
    """Return what tells the document that was read from a later one, and whether it showed anything."""
    if report.status != "ok":
        return {}
    validators = report.validators or Validators()
    changes: Changes = {
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "body_hash": validators.body_hash,
        "children": _written(report.children) if report.children else "{}",
        "seen_keys": None if report.memory is None else report.memory.packed,
    }
    if report.title:
        changes["title"] = report.title
    shown = source["entries"] if report.partial else len(report.candidates) + report.known
    if not report.partial:
        changes["last_full_ms"] = now_ms
    emptied_ms = now_ms if source["entries"] > 0 else source["empty_since_ms"]
    said: Changes = {"entries": shown, "empty_since_ms": None if shown > 0 else emptied_ms, "hold_next": None}
    return changes | _unlike(source, said)


def of_arrivals(source: sqlite3.Row, arrivals: str, now_ms: int) -> Changes:
    """Return when the source showed something new, where this poll did."""
    if arrivals == source["arrivals"]:
        return {}
    return {
        "arrivals": arrivals,
        "last_new_ms": now_ms,
        "silent_from_ms": silent_from_ms(json.loads(arrivals)),
    }


def _written(children: Mapping[str, Validators]) -> str:
    return json.dumps(
        {
            url: [each.etag, each.last_modified, (each.body_hash or b"").hex(), each.listed_ms]
            for url, each in children.items()
        }
    )
