"""Watchdogs: cards about sources in trouble, spoken late, edited in place, closed when all is well again.

`sources.card` is what a source's card says now; the card itself is a notice under the source's id.
"""

import json
import sqlite3

from sqlite_utils import Database

from core.watch import NETWORK_AFTER_MS, SPOKEN_AFTER_MS, network_trouble, trouble_of
from store import notices

_NETWORK = "network"
_FAILING = "network.failing"
_POLLED = "state IN ('probing', 'active')"


def look(db: Database, *, alert: tuple[int, int], now_ms: int) -> int:
    """Say in the chat of alerts what has changed; return how many notices wait to be spoken."""
    together = _network(db, now_ms)
    spoken = _tell_of_network(db, together, alert, now_ms)
    for row in _suspects(db, now_ms):
        trouble = trouble_of(
            state=row["state"],
            failing_since_ms=row["failing_since_ms"],
            empty_since_ms=row["empty_since_ms"],
            silent_from_ms=row["silent_from_ms"],
            now_ms=now_ms,
        )
        if trouble == "failing" and row["card"] is None and _is_of(together, row):
            continue
        if trouble is None:
            spoken += _close(db, row, alert, now_ms)
        else:
            spoken += _say(db, row, trouble, alert, now_ms)
    return spoken


def may_speak(db: Database, *, now_ms: int) -> bool:
    """Return whether a look could have anything to say: some source is in trouble, or was."""
    row = db.execute(
        f"""SELECT EXISTS (SELECT 1 FROM sources WHERE failing_since_ms IS NOT NULL)
        OR EXISTS (SELECT 1 FROM sources WHERE empty_since_ms IS NOT NULL)
        OR EXISTS (SELECT 1 FROM sources WHERE silent_from_ms <= ?)
        OR EXISTS (SELECT 1 FROM sources WHERE state = 'gone')
        OR EXISTS (SELECT 1 FROM sources WHERE card IS NOT NULL)
        OR EXISTS (SELECT 1 FROM notices WHERE dedupe_key = '{_NETWORK}' AND code = '{_FAILING}')""",
        (now_ms,),
    ).fetchone()
    return bool(row[0])


def _network(db: Database, now_ms: int) -> tuple[int, int] | None:
    moments = [
        row[0]
        for row in db.execute(
            f"""SELECT failing_since_ms FROM sources INDEXED BY sources_failing
            WHERE failing_since_ms <= ? AND {_POLLED} AND first_ok_ms IS NOT NULL""",
            (now_ms,),
        )
    ]
    if not moments:
        return None
    polled = db.execute(f"SELECT COUNT(*) FROM sources WHERE {_POLLED}").fetchone()[0]
    return network_trouble(moments, sources=polled)


def _is_of(together: tuple[int, int] | None, row: sqlite3.Row) -> bool:
    return together is not None and together[0] <= row["failing_since_ms"] <= together[1]


def _tell_of_network(
    db: Database, together: tuple[int, int] | None, alert: tuple[int, int], now_ms: int
) -> int:
    if together is not None and now_ms - together[0] >= NETWORK_AFTER_MS:
        args: dict[str, object] = {"since_ms": together[0]}
        return notices.keep(
            db, place=alert, key=_NETWORK, code=_FAILING, args=args, closed="network.works",
            now_ms=now_ms,
        )  # fmt: skip
    if together is None:
        return notices.change(
            db, key=_NETWORK, only_from=_FAILING, code="network.works", args={}, now_ms=now_ms
        )
    return 0


def _suspects(db: Database, now_ms: int) -> list[sqlite3.Row]:
    """Return the sources whose card may have to change."""
    long_ago_ms = now_ms - SPOKEN_AFTER_MS
    return db.execute(
        """SELECT * FROM sources WHERE id IN (
            SELECT id FROM sources WHERE failing_since_ms <= :long_ago
            UNION SELECT id FROM sources WHERE empty_since_ms <= :long_ago
            UNION SELECT id FROM sources WHERE silent_from_ms <= :now
            UNION SELECT id FROM sources WHERE state = 'gone'
            UNION SELECT id FROM sources WHERE card IS NOT NULL)
        AND merged_into IS NULL ORDER BY id""",
        {"long_ago": long_ago_ms, "now": now_ms},
    ).fetchall()


def _say(db: Database, row: sqlite3.Row, trouble: str, alert: tuple[int, int], now_ms: int) -> int:
    args: dict[str, object] = {"title": row["title"] or row["url"]}
    if trouble == "failing":
        error = row["error"] or "throttled"
        args |= {
            "since_ms": row["failing_since_ms"],
            "error": error,
            "error_args": json.loads(row["error_args"]),
        }
    elif trouble == "empty":
        args |= {"since_ms": row["empty_since_ms"]}
    elif trouble == "silent":
        args |= {"since_ms": row["last_new_ms"]}
    if row["card"] != trouble:  # what stays as it is, is not written anew each minute
        db.execute("UPDATE sources SET card = ? WHERE id = ?", (trouble, row["id"]))
    return notices.keep(
        db,
        place=alert,
        key=_key(row),
        code=f"source.{trouble}",
        args=args,
        closed="source.well",
        now_ms=now_ms,
    )


def _close(db: Database, row: sqlite3.Row, alert: tuple[int, int], now_ms: int) -> int:
    """Say that all is well, on the card and in a message of its own, for edits are easily missed."""
    if row["card"] is None:
        return 0
    db.execute("UPDATE sources SET card = NULL WHERE id = ?", (row["id"],))
    args: dict[str, object] = {"title": row["title"] or row["url"], "was": row["card"]}
    args["watched"] = row["state"] != "paused"
    edited = notices.change(
        db, key=_key(row), only_from="source.", code="source.well", args=args, now_ms=now_ms
    )
    if not edited or not args["watched"]:
        return edited
    notices.post_anew(db, place=alert, key=f"{_key(row)}:back", code="source.back", args=args, now_ms=now_ms)
    return edited + 1


def _key(row: sqlite3.Row) -> str:
    return f"source:{row['id']}"
