"""Pausing subscriptions and resuming them. A paused one keeps its place, its number and what waits for it."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from core.page_policy import NO_PAGES, PagePolicy
from core.protocol import Place, SourceId
from store import catching_up, resting, sources

NOTICED_MS = 120_000
"""Within so long it is noticed that a clock was set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A subscription that pauses now, or goes on."""

    number: int
    title: str


def pause(
    db: Database, *, chat_id: int, which: str, until_ms: int | None, catch_up: str = "none", now_ms: int
) -> list[Changed]:
    """Post nothing for subscriptions of a chat until `until_ms`, or until somebody says so. Safe to repeat.

    Args:
        db: the database.
        chat_id: the chat.
        which: a number, an address, or `all`.
        until_ms: when they go on by themselves; None: never.
        catch_up: the backlog policy for what comes meanwhile, unless another one is given when they go on.
        now_ms: wall clock.
    """
    rows = _chosen(db, chat_id, which, ("active", "paused"))
    ids = [row["id"] for row in rows]
    db.execute(
        """UPDATE subscriptions SET resumes_ms = :until, catch_up = :catch_up, state = 'paused',
            state_ms = CASE state WHEN 'paused' THEN state_ms ELSE :now END,
            paused_ms = COALESCE(paused_ms, :now)
        WHERE id IN (SELECT value FROM json_each(:ids))""",
        {"until": until_ms, "catch_up": catch_up, "now": now_ms, "ids": json.dumps(ids)},
    )
    resting.hold(db, ids, now_ms=now_ms)
    resting.rest_idle(db, [row["source_id"] for row in rows])
    return [Changed(number=row["number"], title=row["title"]) for row in rows]


def resume(
    db: Database,
    *,
    chat_id: int,
    which: str,
    catch_up: str | None = None,
    pages: PagePolicy = NO_PAGES,
    now_ms: int,
) -> list[Changed]:
    """Let paused subscriptions of a chat go on: what waited goes out first, then what `catch_up` chooses.

    `catch_up` is a backlog policy; None: the one that was given with the pause.
    """
    rows = _chosen(db, chat_id, which, ("paused",))
    _go_on(db, rows, catch_up, pages, now_ms)
    return [Changed(number=row["number"], title=row["title"]) for row in rows]


def resume_at(db: Database, place: Place, source_id: SourceId, *, catch_up: str, now_ms: int) -> None:
    """Let a subscription go on that somebody adds again, if it pauses."""
    rows = _select(
        db,
        "chat_id = ? AND topic_id = ? AND source_id = ? AND subscriptions.state = 'paused'",
        (place.chat_id, place.topic_id, source_id),
    )
    _go_on(db, rows, catch_up, NO_PAGES, now_ms)


def resume_due(db: Database, *, pages: PagePolicy = NO_PAGES, now_ms: int) -> int:
    """Let those go on whose time has come; return how many did.

    So it has where a clock was set back to before the pause: nobody meant to wait for that hour again.
    """
    rows = _select(
        db, "subscriptions.state = 'paused' AND (resumes_ms <= ? OR state_ms > ?)", (now_ms, now_ms)
    )
    rows = [row for row in rows if row["resumes_ms"] is not None]
    db.execute(  # what was seen since the clock was set, which is noticed within a minute, came in the pause
        """UPDATE subscriptions SET paused_ms = MIN(paused_ms, :noticed)
        WHERE state_ms > :now AND id IN (SELECT value FROM json_each(:ids))""",
        {"now": now_ms, "noticed": now_ms - NOTICED_MS, "ids": json.dumps([row["id"] for row in rows])},
    )
    if rows:
        _go_on(db, rows, None, pages, now_ms)
    return len(rows)


def _go_on(
    db: Database, rows: Sequence[sqlite3.Row], catch_up: str | None, pages: PagePolicy, now_ms: int
) -> None:
    db.execute(
        """UPDATE subscriptions SET state = 'active', state_ms = :now, resumes_ms = NULL, broken_looks = 0,
            backlog = CASE WHEN primed_ms IS NULL THEN COALESCE(:policy, backlog) ELSE backlog END,
            paused_ms = CASE WHEN primed_ms IS NULL THEN NULL ELSE paused_ms END,
            catch_up = COALESCE(:policy, catch_up)
        WHERE id IN (SELECT value FROM json_each(:ids))""",
        {"now": now_ms, "policy": catch_up, "ids": json.dumps([row["id"] for row in rows])},
    )
    catch_up_with(db, rows, pages=pages, now_ms=now_ms)


def catch_up_with(db: Database, rows: Sequence[sqlite3.Row], *, pages: PagePolicy, now_ms: int) -> None:
    """Post what was held for subscriptions that pause no more, and what they missed, or look for that now.

    A row has their `id`, `source_id` and `source_state`.
    """
    resting.release(db, [row["id"] for row in rows], now_ms=now_ms)
    for row in rows:
        if row["source_state"] in ("probing", "active"):  # others watched it: what it showed is known
            catching_up.settle(db, row["id"], pages=pages, now_ms=now_ms)
    for row in rows:
        if row["source_state"] in ("paused", "gone"):
            sources.wake(db, row["source_id"], now_ms=now_ms)
            sources.make_due(db, SourceId(row["source_id"]), now_ms=now_ms)


def _chosen(db: Database, chat_id: int, which: str, states: Sequence[str]) -> list[sqlite3.Row]:
    rows = _select(
        db,
        "chat_id = ? AND subscriptions.state IN (SELECT value FROM json_each(?))",
        (chat_id, json.dumps(list(states))),
    )
    return [row for row in rows if which in ("all", row["url"], str(row["number"]))]


def _select(db: Database, condition: str, values: Sequence[object]) -> list[sqlite3.Row]:
    return db.execute(
        f"""SELECT subscriptions.id, number, source_id, url, resumes_ms, sources.state AS source_state,
            COALESCE(subscriptions.title, NULLIF(sources.title, ''), url) AS title
        FROM subscriptions JOIN sources ON sources.id = source_id WHERE {condition} ORDER BY number""",
        values,
    ).fetchall()
