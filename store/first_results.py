"""Answers to `/add`: how the first look at a source went."""

import sqlite3

from sqlite_utils import Database

from core.protocol import PollReport
from core.schedule import PollingPolicy
from store import checks, notices, subscriptions
from store.wishes import FanOut

_SHOWN_ITEMS = 3
_UNREACHED_AFTER_MS = 60_000
"""When strangers hear that an address cannot be reached: the same, whatever was in the way."""
_OPEN = ("add.looking", "add.unread")


def tell(
    db: Database,
    report: PollReport,
    fanned: FanOut,
    *,
    next_check_ms: int,
    policy: PollingPolicy,
    now_ms: int,
) -> int:
    """Complete the answers to `/add` that wait for the first poll; return how many changed.

    What was told once stays told: a failure of a later poll is for `/list` to show.
    """
    if report.status == "not_modified":
        return 0
    told = 0
    for row in subscriptions.active(db, report.source_id):
        if row["id"] in fanned.primed:
            interval_s = checks.interval_of(db, report.source_id, policy, now_ms=now_ms).seconds
            args = _watching(row, report, fanned.primed[row["id"]], interval_s, next_check_ms)
            told += notices.change(
                db, key=_card(row), only_from=_OPEN, code="add.watching", args=args, now_ms=now_ms
            )
        elif report.status != "ok" or row["primed_ms"] is None:
            told += _tell_unread(db, row, report, next_check_ms, now_ms)
    return told


def _card(row: sqlite3.Row) -> str:
    return f"add:{row['id']}"


def _watching(
    row: sqlite3.Row, report: PollReport, queued: int, interval_s: float, next_check_ms: int
) -> dict[str, object]:
    newest = report.candidates[: -_SHOWN_ITEMS - 1 : -1]
    return {
        "url": row["url"],
        "number": row["number"],
        "next_check_ms": next_check_ms,
        "kind": row["kind"],
        "title": row["source_title"],
        "interval_s": interval_s,
        "entries": len(report.candidates),
        "items": [candidate.title or candidate.url for candidate in newest],
        "queued": queued,
        "data": f"new:{row['id']}",
    }


def _tell_unread(db: Database, row: sqlite3.Row, report: PollReport, next_check_ms: int, now_ms: int) -> int:
    """Say why a source cannot be read. What a port scan would ask is told to an owner only, in private."""
    from core.words import ALIKE  # what the chat says is a lot to import, and most polls have nothing to tell

    error = report.error or "broke_off"
    args: dict[str, object] = {
        "url": row["url"],
        "number": row["number"],
        "next_check_ms": next_check_ms,
        "error": error,
        "error_args": list(report.error_args),
    }
    asked = notices.argument(db, key=_card(row), name="owner")
    if asked is None:
        return 0
    chat_id, owner = asked
    if error not in ALIKE or chat_id == owner:
        return notices.change(
            db, key=_card(row), only_from=_OPEN, code="add.unread", args=args, now_ms=now_ms
        )
    asked_ms = notices.argument(db, key=_card(row), name="asked_ms")
    told = notices.change(
        db,
        key=_card(row),
        only_from="add.looking",
        code="add.unread",
        args=args | {"error": "unreachable", "error_args": []},
        now_ms=now_ms,
        not_before_ms=(asked_ms[1] if asked_ms and isinstance(asked_ms[1], int) else now_ms)
        + _UNREACHED_AFTER_MS,
    )
    if told and isinstance(owner, int):
        notices.post_once(
            db, place=(owner, 0), key=f"add-detail:{row['id']}", code="add.detail", args=args, now_ms=now_ms
        )
    return told
