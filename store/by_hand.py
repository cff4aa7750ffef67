"""Links that somebody wants posted once, whatever sources show them."""

import json

from sqlite_utils import Database

from core.page_policy import NO_PAGES, PagePolicy
from core.protocol import Candidate, Place
from core.urls.normalize import host_of, normalize
from store import chats, history, queue


def queue_link(
    db: Database,
    place: Place,
    *,
    url: str,
    title: str = "",
    pages: PagePolicy = NO_PAGES,
    asked_in: tuple[int, int] | None = None,
    at_ms: int | None = None,
    edition: int = 0,
    now_ms: int,
) -> bool:
    """Queue an address for a place, for a moment if one was chosen; False if it was posted or queued before.

    Where its page tells nothing of it, it is asked about in `asked_in` (chat and topic), or else where
    alerts go.

    Raises:
        RefusedUrl: it is no link.
    """
    chat_id = chats.current_id(db, place.chat_id)
    chats.ensure(db, chat_id)
    candidate = Candidate(key=normalize(url, allow_hosts=(host_of(url),)), url=url, title=title)
    link = history.know(db, candidate, now_ms=now_ms)
    until = history.await_pages(db, [link], policy=pages, now_ms=now_ms)
    row = db.execute(
        """SELECT once, chats.state AS chat_state, topics.state AS topic_state FROM chats
        LEFT JOIN topics ON topics.chat_id = chats.chat_id AND topics.topic_id = ?
        WHERE chats.chat_id = ?""",
        (place.topic_id, chat_id),
    ).fetchone()
    hold = "suspended" if row["chat_state"] == "suspended" else None
    hold = hold or ("topic_suspended" if row["topic_state"] == "suspended" else None)
    queued = queue.enqueue(
        db,
        place=Place(chat_id=chat_id, topic_id=place.topic_id),
        scope=place.topic_id if row["once"] == "topic" else 0,
        subscription_id=None,
        history_ids=[link],
        hold=hold,
        lane=queue.LANE_HAND if at_ms is None else queue.LANE_TIMED,
        until=until,
        at_ms=at_ms,
        edition=edition,
        now_ms=now_ms,
    )
    if queued and asked_in is not None:
        db.execute(
            "UPDATE queue SET asked_in = ? WHERE chat_id = ? AND history_id = ? AND subscription_id IS NULL",
            (json.dumps(asked_in), chat_id, link),
        )
    return bool(queued)
