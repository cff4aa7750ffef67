"""Posts of which nobody knows whether they arrived: what the operator's policy makes of them."""

import sqlite3

from sqlite_utils import Database

from core.uncertainty import UncertainPolicy
from core.urls.normalize import host_of
from store import notices, queue
from store.outbox.claiming import DOUBT_BLOCKS_MS

_GRACE_MS = 60_000


def settle(
    db: Database,
    *,
    policy: UncertainPolicy,
    alert: tuple[int, int] | None,
    now_ms: int,
    looked_for: bool = False,
) -> int:
    """Apply ON_UNCERTAIN to rows in doubt, and UNCERTAIN_AFTER to questions nobody answered.

    Args:
        db: the writer's connection.
        policy: the operator's choice.
        alert: chat and topic for questions.
        now_ms: wall clock.
        looked_for: posts in doubt are looked for, which has the time in which a doubt blocks its chat;
            only what that does not tell is settled here.

    Returns:
        How many notices now wait to be spoken. A digest is one question.
    """
    asked = 0
    condition, values = "queue.state = 'uncertain'", list[int]()
    if looked_for:
        condition += " AND (queue.reason IS NOT NULL OR queue.state_ms NOT BETWEEN ? AND ?)"
        values = [now_ms - DOUBT_BLOCKS_MS + 1, now_ms]
    posts: set[int] = set()
    for row in _rows(db, condition, *values):
        match policy.on_uncertain:
            case "ask":
                _set(db, row["id"], "held", "uncertain", now_ms)
                if row["post_id"] not in posts:
                    asked += _ask(db, row, policy, alert, now_ms)
                posts.update([row["post_id"]] if row["post_id"] is not None else [])
            case "drop":
                _set(db, row["id"], "dropped", "uncertain", now_ms)
            # A doubt from what is now the future: the clock has jumped back since.
            case "resend" if not 0 <= now_ms - row["state_ms"] < _GRACE_MS:
                _send_again(db, row["id"], now_ms)
    overdue_ms = now_ms - round(policy.after.wait_s * 1000)
    for row in _rows(
        db, "queue.state = 'held' AND queue.reason = 'uncertain' AND queue.state_ms <= ?", overdue_ms
    ):
        if policy.after.then == "resend":
            _send_again(db, row["id"], now_ms)
        else:
            _set(db, row["id"], "dropped", "uncertain_expired", now_ms)
    return asked


def answer(db: Database, *, queue_id: int, verdict: str, now_ms: int) -> bool:
    """Record what a person says about a held post, `sent` or `again`; False if it is in doubt no more.

    It goes for all links of a digest.
    """
    found = _rows(db, "queue.state = 'held' AND queue.reason = 'uncertain' AND queue.id = ?", queue_id)
    if not found:
        return False
    row = found[0]
    shared = "queue.state = 'held' AND queue.reason = 'uncertain' AND queue.post_id = ?"
    for each in [row] if row["post_id"] is None else _rows(db, shared, row["post_id"]):
        if verdict == "again":
            _send_again(db, each["id"], now_ms)
        else:
            _set(db, each["id"], "sent", "answered_posted", now_ms)
    args = _subject(row) | {"verdict": verdict}
    notices.change(
        db, key=_key(row), only_from="uncertain.", code="uncertain.answered", args=args, now_ms=now_ms
    )
    return True


def withdraw(db: Database, *, queue_id: int, now_ms: int) -> None:
    """A post that a person was asked about was found: the question is answered."""
    for row in _rows(db, "queue.id = ?", queue_id):
        args = _subject(row) | {"verdict": "found"}
        notices.change(
            db, key=_key(row), only_from="uncertain.", code="uncertain.answered", args=args, now_ms=now_ms
        )


def _rows(db: Database, condition: str, *values: object) -> list[sqlite3.Row]:
    """Return rows of the outbox in their order. The plus keeps SQLite from reading all there are in it."""
    return db.execute(
        f"""SELECT queue.id, queue.chat_id, queue.state_ms, queue.attempts, queue.post_id, history.url,
            history.title, chats.title AS chat_title
        FROM queue JOIN history ON history.id = queue.history_id JOIN chats USING (chat_id)
        WHERE {condition} ORDER BY +queue.position""",
        values,
    ).fetchall()


def _set(db: Database, queue_id: int, state: str, reason: str, now_ms: int) -> None:
    db.execute(
        "UPDATE queue SET state = ?, reason = ?, state_ms = ? WHERE id = ?", (state, reason, now_ms, queue_id)
    )


def _send_again(db: Database, queue_id: int, now_ms: int) -> None:
    """Let a post wait for its turn again, or for its chat where that is out of reach."""
    db.execute(
        """UPDATE queue SET state = 'pending', reason = NULL, state_ms = ?, note = 'perhaps_repeated'
        WHERE id = ?""",
        (now_ms, queue_id),
    )
    queue.hold_out_of_reach(db)


def _ask(
    db: Database, row: sqlite3.Row, policy: UncertainPolicy, alert: tuple[int, int] | None, now_ms: int
) -> int:
    if alert is None:
        return 0
    args = _subject(row) | {"queue_id": row["id"], "then": policy.after.then, "wait_s": policy.after.wait_s}
    notices.post(db, place=alert, key=_key(row), code="uncertain.question", args=args, now_ms=now_ms)
    return 1


def _subject(row: sqlite3.Row) -> dict[str, object]:
    return {
        "chat": row["chat_title"] or str(row["chat_id"]),
        "title": row["title"],
        "host": host_of(row["url"]),
    }


def _key(row: sqlite3.Row) -> str:
    return f"uncertain:{row['id']}:{row['attempts']}"
