"""Links that are posted only when somebody says so: one question for each, and its answer."""

from sqlite_utils import Database

from core.urls.normalize import host_of
from store import notices, own_texts, queue

_ASKED_AT_ONCE = 20


def ask(db: Database, *, alert: tuple[int, int], now_ms: int) -> int:
    """Ask about links that wait for approval and were not asked about; return how many questions that are."""
    rows = db.execute(
        """SELECT queue.id, queue.chat_id, history.url, history.title, chats.title AS chat_title
        FROM queue JOIN history ON history.id = queue.history_id JOIN chats USING (chat_id)
        WHERE queue.state = 'held' AND queue.reason = 'approval' AND queue.asked_ms IS NULL
        ORDER BY queue.id LIMIT ?""",
        (_ASKED_AT_ONCE,),
    ).fetchall()
    for row in rows:
        args = {
            "queue_id": row["id"],
            "chat": row["chat_title"] or str(row["chat_id"]),
            "title": row["title"],
            "host": host_of(row["url"]),
            "url": row["url"],
        }
        notices.post(db, place=alert, key=_key(row["id"]), code="approval.question", args=args, now_ms=now_ms)
        own_texts.tell_card(db, row["id"], now_ms=now_ms)
        db.execute("UPDATE queue SET asked_ms = ? WHERE id = ?", (now_ms, row["id"]))
    return len(rows)


def chat_of(db: Database, queue_id: int) -> int | None:
    """Return the chat that a link waits for, or None where there is no such row."""
    row = db.execute("SELECT chat_id FROM queue WHERE id = ?", (queue_id,)).fetchone()
    return None if row is None else int(row["chat_id"])


def is_asked(db: Database, queue_id: int) -> bool:
    """Tell whether a link still waits for somebody to say that it may be posted."""
    row = db.execute("SELECT state, reason FROM queue WHERE id = ?", (queue_id,)).fetchone()
    return row is not None and (row["state"], row["reason"]) == ("held", "approval")


def answer(db: Database, *, queue_id: int, verdict: str, by: str, now_ms: int, seen: int = 0) -> bool:
    """Record what a person says about a link, `publish` or `drop`; False if it waits for that no more.

    A link that may be posted goes behind what waits, or waits on where its chat is out of reach. `seen` is
    the version of the text that person has seen.

    Raises:
        UserError: it is to be posted, but with another text by now; nothing has changed.
    """
    if verdict == "publish":
        if is_asked(db, queue_id):
            own_texts.check_seen(db, queue_id, seen)
        changed = queue.release(db, "reason = 'approval' AND id = ?", (queue_id,), now_ms)
    else:
        changed = db.execute(
            """UPDATE queue SET state = 'dropped', reason = 'answered_drop', state_ms = ?
            WHERE state = 'held' AND reason = 'approval' AND id = ?""",
            (now_ms, queue_id),
        ).rowcount
    if changed:
        notices.change(
            db,
            key=_key(queue_id),
            only_from="approval.",
            code="approval.answered",
            args={"verdict": verdict, "by": by},
            now_ms=now_ms,
        )
    return bool(changed)


def _key(queue_id: int) -> str:
    return f"approval:{queue_id}"
