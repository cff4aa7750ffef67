"""Rows of the outbox that waited for what their pages say: who wants them now, and how."""

import sqlite3

from sqlite_utils import Database

from core.filters.judging import Decision, decide
from core.protocol import HistoryId
from store import effects, link_facts, sifting, topics

_AT_ONCE = 300
_OPEN = "undecided = 1 AND state IN ('pending', 'held') AND lease_owner IS NULL"


def page_came(db: Database, link: HistoryId, *, now_ms: int) -> int:
    """Judge what waited for the page of a link, or for the news that it cannot be read.

    Returns:
        How many posts nobody wants any more.
    """
    return _settle(db, f"history_id = ? AND {_OPEN}", (link,), now_ms)


def settle_due(db: Database, *, now_ms: int) -> None:
    """Judge what may go out now by what is known by now; what nobody knows counts as unknown.

    At most a few hundred at once: what is left stays undecided, and must not be claimed.
    """
    _settle(
        db,
        f"""id IN (SELECT id FROM queue WHERE undecided = 1 AND state = 'pending'
            AND (not_before_ms <= ? OR waits_from_ms > ?) ORDER BY not_before_ms LIMIT {_AT_ONCE})
        AND {_OPEN}""",
        (now_ms, now_ms),
        now_ms,
    )


def _settle(db: Database, condition: str, values: tuple[int, ...], now_ms: int) -> int:
    rows = db.execute(
        f"""SELECT id, chat_id, scope, edition, history_id, subscription_id FROM queue
        WHERE {condition} ORDER BY position""",
        values,
    ).fetchall()
    decisions = {row["id"]: _settle_one(db, row, now_ms) for row in rows}
    effects.to_front(db, [row_id for row_id, decision in decisions.items() if decision and decision.first])
    return sum(decision is None for decision in decisions.values())


def _settle_one(db: Database, row: sqlite3.Row, now_ms: int) -> Decision | None:
    """Give a row to the first subscription that wants it, and return how; None where it is dropped."""
    link = HistoryId(row["history_id"])
    [(_, facts)] = link_facts.facts_in(db, [link], chat_id=row["chat_id"], pages_come=False, now_ms=now_ms)
    reason = None
    for taker in _takers(db, row):
        decision = decide(sifting.rules_of(taker), facts)
        if decision.stopped_by is not None:
            sifting.note_stopped(db, taker["id"], {link: decision.stopped_by}, now_ms=now_ms)
            reason = reason or f"filtered: {decision.stopped_by}"
        elif _give(db, row, taker, decision, now_ms):
            return decision
        else:
            _note(db, taker["id"], link, "repeat", now_ms)
            reason = reason or "merged"  # it is in the other topic already
    _drop(db, row["id"], reason or "filtered", now_ms)
    return None


def _takers(db: Database, row: sqlite3.Row) -> list[sqlite3.Row]:
    """Return the owner of a row, then the others of its chat that wanted the link too, in their order."""
    return db.execute(
        """SELECT subscriptions.id, subscriptions.topic_id, subscriptions.filter, chats.once,
            json_extract(chats.options, '$.filter') AS chat_filter
        FROM subscriptions JOIN chats ON chats.chat_id = subscriptions.chat_id
        WHERE subscriptions.id IN (
            SELECT :owner UNION ALL SELECT subscription_id FROM verdicts
            WHERE history_id = :link AND verdict = 'repeat')
        AND +subscriptions.chat_id = :chat_id
        AND (subscriptions.id = :owner OR subscriptions.state = 'active')
        ORDER BY subscriptions.id <> :owner, subscriptions.id""",
        {"owner": row["subscription_id"], "chat_id": row["chat_id"], "link": row["history_id"]},
    ).fetchall()


def _give(db: Database, row: sqlite3.Row, taker: sqlite3.Row, decision: Decision, now_ms: int) -> bool:
    """Let a subscription have a row; False where the link has a row already in the topic it would go to."""
    topic_id = taker["topic_id"] if decision.topic_id is None else decision.topic_id
    scope = topic_id if taker["once"] == "topic" else row["scope"]
    if scope != row["scope"] and _is_taken(db, row, scope):
        return False
    db.execute(
        """UPDATE queue SET undecided = 0, effects = :effects, subscription_id = :taker, topic_id = :topic_id,
            scope = :scope,
            state = CASE WHEN state = 'pending' AND :closed THEN 'held'
                WHEN reason = 'topic_suspended' AND NOT :closed THEN 'pending' ELSE state END,
            reason = CASE WHEN state = 'pending' AND :closed THEN 'topic_suspended'
                WHEN reason = 'topic_suspended' AND NOT :closed THEN NULL ELSE reason END
        WHERE id = :id""",
        {
            "effects": effects.pack(decision),
            "taker": taker["id"],
            "topic_id": topic_id,
            "scope": scope,
            "closed": topics.is_closed(db, row["chat_id"], topic_id),
            "id": row["id"],
        },
    )
    if taker["id"] != row["subscription_id"]:
        _note(db, taker["id"], row["history_id"], "wanted", now_ms)
    return True


def _is_taken(db: Database, row: sqlite3.Row, scope: int) -> bool:
    taken = db.execute(
        "SELECT 1 FROM queue WHERE chat_id = ? AND scope = ? AND history_id = ? AND edition = ?",
        (row["chat_id"], scope, row["history_id"], row["edition"]),
    ).fetchone()
    return taken is not None


def _drop(db: Database, queue_id: int, reason: str, now_ms: int) -> None:
    """Drop a row visibly; one that is elsewhere leaves its place to whoever wants the link here later."""
    db.execute(
        """UPDATE queue SET undecided = 0, effects = NULL, state = 'dropped', reason = :reason,
            state_ms = :now_ms, edition = CASE WHEN :reason = 'merged' THEN -id ELSE edition END
        WHERE id = :id""",
        {"reason": reason, "now_ms": now_ms, "id": queue_id},
    )


def _note(db: Database, subscription_id: int, link: int, verdict: str, now_ms: int) -> None:
    db.execute(
        """UPDATE verdicts SET verdict = ?, rule = NULL, at_ms = ?
        WHERE subscription_id = ? AND history_id = ?""",
        (verdict, now_ms, subscription_id, link),
    )
