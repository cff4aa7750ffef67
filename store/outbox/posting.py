"""Posting a link by hand, whatever became of it here before."""

import sqlite3

from sqlite_utils import Database

from core.page_policy import NO_PAGES, PagePolicy
from core.protocol import Candidate, Place
from core.urls.normalize import host_of, normalize
from store import by_hand, chats, history
from store.queue import LANE_HAND, LANE_TIMED

_NEVER_SENT = "post_id IS NULL AND message_id IS NULL"


def post(
    db: Database,
    place: Place,
    *,
    url: str,
    at_ms: int | None = None,
    again: bool = False,
    pages: PagePolicy = NO_PAGES,
    now_ms: int,
) -> str:
    """Queue a link for a place, before what sources bring; at a moment, if one was chosen.

    What waits here already goes with it; what was given up without a try is wanted anew. What was posted
    is posted once more only where that is said: as a further edition.

    Returns:
        A code: `post_queued`, `post_promoted`, `post_under_way`, `post_held`, `post_known`.

    Raises:
        RefusedUrl: it is no link.
    """
    row = _known(db, place, url, now_ms)
    if row is None:
        by_hand.queue_link(db, place, url=url, pages=pages, at_ms=at_ms, now_ms=now_ms)
        return "post_queued"
    if row["state"] == "sending" or row["lease_owner"] is not None:
        return "post_under_way"
    if row["state"] == "pending" or (row["fresh"] and row["state"] == "dropped"):
        _let_go(db, row["id"], at_ms, now_ms)
        return "post_promoted" if row["state"] == "pending" else "post_queued"
    if not again:
        return "post_held" if row["state"] == "held" else "post_known"
    edition = row["edition"] + 1
    by_hand.queue_link(db, place, url=url, pages=pages, at_ms=at_ms, edition=edition, now_ms=now_ms)
    return "post_queued"


def _known(db: Database, place: Place, url: str, now_ms: int) -> sqlite3.Row | None:
    """Return the last edition of a link in a place."""
    candidate = Candidate(key=normalize(url, allow_hosts=(host_of(url),)), url=url)
    link = history.know(db, candidate, now_ms=now_ms)
    row: sqlite3.Row | None = db.execute(
        f"""SELECT *, {_NEVER_SENT} AS fresh FROM queue
        WHERE history_id = ? AND chat_id = ? AND scope IN (0, ?) AND edition >= 0
        ORDER BY edition DESC LIMIT 1""",
        (link, chats.current_id(db, place.chat_id), place.topic_id),
    ).fetchone()
    return row


def _let_go(db: Database, queue_id: int, at_ms: int | None, now_ms: int) -> None:
    """Let a row go out as if it had been posted by hand just now; it never goes stale then."""
    db.execute(
        """UPDATE queue SET state = 'pending', reason = NULL, state_ms = :now, released_ms = :now,
            lane = :lane, at_ms = :at, expires_ms = NULL, digest = 0,
            position = (SELECT MAX(position) + 1 FROM queue)
        WHERE id = :id""",
        {
            "now": now_ms,
            "lane": LANE_HAND if at_ms is None else LANE_TIMED,
            "at": at_ms,
            "id": queue_id,
        },
    )
