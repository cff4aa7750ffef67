"""Ending subscriptions, and taking that back.

For ten minutes nothing of them is gone: their rows keep what was set, and a removal keeps what was before of
them and of the posts that waited for them. Taken back, a subscription goes on as after a pause: what waited
goes out, and so does what came meanwhile.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from core.page_policy import NO_PAGES, PagePolicy
from core.protocol import Place
from store import pausing, quotas, resting, subscriptions

UNDO_MS = 10 * 60_000
_OUT_OF_REACH = frozenset({"suspended", "topic_suspended"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A subscription that has ended."""

    number: int
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What was removed together."""

    sources: tuple[Removed, ...] = ()
    removal_id: int | None = None
    """By which it can be taken back; None where there was nothing to remove."""


def remove(db: Database, *, chat_id: int, which: str, now_ms: int) -> Removal:
    """End the subscriptions of a chat that a word means: a number, an address, or `all`."""
    rows = db.execute(
        """SELECT subscriptions.id, number, COALESCE(subscriptions.title, sources.title) AS title, url,
            subscriptions.state, state_ms
        FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE chat_id = ? AND subscriptions.state <> 'removed' ORDER BY number""",
        (chat_id,),
    ).fetchall()
    chosen = [row for row in rows if which in ("all", row["url"], str(row["number"]))]
    if not chosen:
        return Removal()
    ids = [row["id"] for row in chosen]
    waiting = db.execute(
        """SELECT id, subscription_id, state, reason FROM queue
        WHERE state IN ('pending', 'held') AND subscription_id IN (SELECT value FROM json_each(?))""",
        (json.dumps(ids),),
    ).fetchall()
    subscriptions.unsubscribe(db, ids, now_ms=now_ms)
    removal_id: int = db.execute(
        "INSERT INTO removals (at_ms, subscriptions, posts) VALUES (?, ?, ?) RETURNING id",
        (
            now_ms,
            json.dumps([[row["id"], row["state"], row["state_ms"]] for row in chosen]),
            json.dumps([tuple(row) for row in waiting]),
        ),
    ).fetchone()[0]
    removed = [Removed(number=row["number"], title=row["title"], url=row["url"]) for row in chosen]
    return Removal(sources=tuple(removed), removal_id=removal_id)


def chat_of(db: Database, removal_id: int) -> int | None:
    """Return the chat of what was removed; None: that is too long ago, was taken back, or never was."""
    row = db.execute(
        """SELECT chat_id FROM subscriptions WHERE id = (
            SELECT json_extract(removals.subscriptions, '$[0][0]') FROM removals WHERE removals.id = ?)""",
        (removal_id,),
    ).fetchone()
    return None if row is None else int(row["chat_id"])


def take_back(
    db: Database,
    removal_id: int,
    *,
    owners: Sequence[int] = (),
    pages: PagePolicy = NO_PAGES,
    now_ms: int,
) -> list[Removed] | None:
    """Let what was removed go on, but for what its place watches again already.

    `owners` are those of the settings, who have no quota.

    Returns:
        What goes on; None where it is too late.

    Raises:
        QuotaReached: whoever had added it has no room for it any more.
    """
    removal = db.execute("SELECT * FROM removals WHERE id = ?", (removal_id,)).fetchone()
    if removal is None or _is_over(removal["at_ms"], now_ms):
        return None
    rows = _ended(db, removal)
    for user_id, count in Counter(row["added_by"] for row in rows).items():
        quotas.check(db, user_id, owners=owners, count=count)
    at_ms: int = removal["at_ms"]
    # What was seen before the clock was set back, as far as that was noticed, came after the removal.
    since_ms = at_ms if now_ms >= at_ms else now_ms - pausing.NOTICED_MS
    db.conn.executemany(
        """UPDATE subscriptions SET state = :was, state_ms = :was_ms, broken_looks = 0,
            catch_up = CASE WHEN :was = 'active' AND paused_ms IS NULL THEN 'all' ELSE catch_up END,
            paused_ms = CASE WHEN :was = 'active' AND primed_ms IS NOT NULL
                THEN COALESCE(paused_ms, :since) ELSE paused_ms END
        WHERE id = :id""",
        [{"id": row["id"], "was": row["was"], "was_ms": row["was_ms"], "since": since_ms} for row in rows],
    )
    _put_posts_back(db, removal, {row["id"] for row in rows}, now_ms)
    db.execute("DELETE FROM removals WHERE id = ?", (removal_id,))
    pausing.catch_up_with(db, [row for row in rows if row["was"] == "active"], pages=pages, now_ms=now_ms)
    return [Removed(number=row["number"], title=row["title"], url=row["url"]) for row in rows]


def _is_over(at_ms: int, now_ms: int) -> bool:
    return abs(now_ms - at_ms) > UNDO_MS


def _ended(db: Database, removal: sqlite3.Row) -> list[sqlite3.Row]:
    """Return the subscriptions that a removal ended, and that nobody has added again since."""
    rows = db.execute(
        """SELECT subscriptions.id, number, COALESCE(subscriptions.title, sources.title) AS title, url, kind,
            json_remove(rules, '$.access') AS rules, chat_id, topic_id, added_by, source_id,
            sources.state AS source_state, json_extract(value, '$[1]') AS was,
            json_extract(value, '$[2]') AS was_ms
        FROM json_each(?) JOIN subscriptions ON subscriptions.id = json_extract(value, '$[0]')
        JOIN sources ON sources.id = source_id
        WHERE subscriptions.state = 'removed' AND state_ms = ? ORDER BY number""",
        (removal["subscriptions"], removal["at_ms"]),
    ).fetchall()
    return [row for row in rows if not _is_watched(db, row)]


def _is_watched(db: Database, row: sqlite3.Row) -> bool:
    place = Place(chat_id=row["chat_id"], topic_id=row["topic_id"])
    found = subscriptions.source_in_place(db, place, kind=row["kind"], url=row["url"], rules=row["rules"])
    return found is not None


def _put_posts_back(db: Database, removal: sqlite3.Row, ids: set[int], now_ms: int) -> None:
    """Hold the posts that were dropped with these subscriptions, as if they had paused.

    So are those that a chat out of reach had held back: it may be back by now. What waits for a person goes
    on waiting for them. What another subscription took over, and lost when it was removed, is theirs again.
    """
    db.conn.executemany(
        """UPDATE queue SET state = 'held', state_ms = :now, reason = :reason,
            undecided = undecided OR subscription_id <> own.id,
            effects = CASE WHEN subscription_id = own.id THEN effects END,
            expires_ms = CASE WHEN subscription_id = own.id THEN expires_ms
                ELSE CAST(queue.created_ms + own.expire_s * 1000 AS INTEGER) END,
            subscription_id = own.id, topic_id = own.topic_id
        FROM (SELECT id, topic_id, expire_s FROM subscriptions WHERE id = :own) AS own
        WHERE queue.id = :id AND queue.state = 'dropped' AND reason = 'unsubscribed'""",
        [
            {"id": queue_id, "own": subscription_id, "reason": _held_for(state, reason), "now": now_ms}
            for queue_id, subscription_id, state, reason in json.loads(removal["posts"])
            if subscription_id in ids
        ],
    )


def _held_for(state: str, reason: str | None) -> str:
    if state == "pending" or reason is None or reason in _OUT_OF_REACH:
        return resting.PAUSED
    return reason


def can_forget(db: Database, *, now_ms: int) -> bool:
    """Return whether there are removals that can be taken back no more."""
    return any(_is_over(row[0], now_ms) for row in db.execute("SELECT at_ms FROM removals"))


def forget(db: Database, *, now_ms: int) -> None:
    """Drop the removals that can be taken back no more; sources that nobody has now forget their values."""
    removals = db.execute("SELECT id, at_ms, subscriptions FROM removals").fetchall()
    over = [row for row in removals if _is_over(row["at_ms"], now_ms)]
    kept = [row for row in removals if not _is_over(row["at_ms"], now_ms)]
    gone = db.execute(
        "SELECT source_id FROM subscriptions WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(_subscriptions_of(over) - _subscriptions_of(kept))),),
    ).fetchall()
    resting.forget_values(db, [row["source_id"] for row in gone])
    db.execute(
        "DELETE FROM removals WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([row["id"] for row in over]),),
    )


def _subscriptions_of(removals: Sequence[sqlite3.Row]) -> set[int]:
    return {each[0] for row in removals for each in json.loads(row["subscriptions"])}
