"""Links that a person sent and that show neither title nor picture, even after a look at their pages.

Such a post would be a bare address, so it is held, and whoever sent it is asked once.
"""

import json
import sqlite3

from sqlite_utils import Database

from core.access import split_userinfo
from store import notices, queue

REASON = "no_facts"
_HELD = f"queue.state = 'held' AND queue.reason = '{REASON}'"
_BARE = """history.title = '' AND history.image IS NULL
    AND COALESCE(json_extract(page, '$.title'), json_extract(page, '$.image')) IS NULL"""
_TRIED = "(page IS NOT NULL OR page_error IS NOT NULL OR history.state IN ('accepted', 'fetching'))"
_BY_HAND = "queue.state = 'pending' AND lane = 1 AND subscription_id IS NULL AND as_it_is = 0"


def settle(db: Database, *, alert: tuple[int, int] | None, now_ms: int) -> int:
    """Hold what would go out bare now and ask about it; let go of what a late page told.

    Where pages are not read nothing is held: every such link would be. Returns how many notices wait to be
    spoken; call it before posts are claimed.
    """
    _let_go(db, now_ms)
    db.execute(
        f"""UPDATE queue SET state = 'held', reason = '{REASON}', state_ms = :now WHERE id IN (
            SELECT queue.id FROM queue JOIN history ON history.id = history_id
            WHERE {_BY_HAND} AND queue.lease_owner IS NULL AND {_BARE} AND {_TRIED}
            AND NOT (waits_from_ms <= :now AND :now < not_before_ms))""",
        {"now": now_ms},
    )
    asked = 0
    for row in _select(db, "NOT EXISTS (SELECT 1 FROM notices WHERE dedupe_key = 'facts:' || queue.id)"):
        place = tuple(json.loads(row["asked_in"])) if row["asked_in"] else alert
        if place is not None:
            notices.post_once(
                db, place=place, key=_key(row), code="facts.question", args=_args(row), now_ms=now_ms
            )
            asked += 1
    return asked


def answer(db: Database, *, queue_id: int, verdict: str, now_ms: int) -> bool:
    """Publish a held link as it is (`post`) or not at all (`drop`); False if that was settled before."""
    found = _select(db, "queue.id = ?", queue_id)
    if not found:
        return False
    if verdict == "post":
        db.execute("UPDATE queue SET as_it_is = 1 WHERE id = ?", (queue_id,))
        queue.release(db, "id = ?", (queue_id,), now_ms)
    else:
        db.execute(
            "UPDATE queue SET state = 'dropped', reason = 'answered_drop', state_ms = ? WHERE id = ?",
            (now_ms, queue_id),
        )
    _close(db, found[0], verdict, now_ms)
    return True


def chat_of(db: Database, queue_id: int) -> int | None:
    """Return the chat that a post is for, or None where there is no such post."""
    row = db.execute("SELECT chat_id FROM queue WHERE id = ?", (queue_id,)).fetchone()
    return None if row is None else int(row["chat_id"])


def _let_go(db: Database, now_ms: int) -> None:
    for row in _select(db, f"NOT ({_BARE})"):
        queue.release(db, "id = ?", (row["id"],), now_ms)
        _close(db, row, "post", now_ms)


def _select(db: Database, condition: str, *values: object) -> list[sqlite3.Row]:
    return db.execute(
        f"""SELECT queue.id, queue.chat_id, asked_in, url, page_error, chats.title AS chat_title
        FROM queue JOIN history ON history.id = history_id JOIN chats USING (chat_id)
        WHERE {_HELD} AND {condition} ORDER BY queue.position""",
        values,
    ).fetchall()


def _close(db: Database, row: sqlite3.Row, verdict: str, now_ms: int) -> None:
    args = {"verdict": verdict}
    notices.change(db, key=_key(row), only_from="facts.", code="facts.answered", args=args, now_ms=now_ms)


def _key(row: sqlite3.Row) -> str:
    return f"facts:{row['id']}"


def _args(row: sqlite3.Row) -> dict[str, object]:
    error, *error_args = json.loads(row["page_error"] or '[""]')
    return {
        "queue_id": row["id"],
        "chat": row["chat_title"] or str(row["chat_id"]),
        "url": split_userinfo(row["url"])[0].partition("://")[2],
        "error": error,
        "error_args": error_args,
    }
