"""What people look at: lists, counts, and the life of one link. Nothing here decides anything."""

import sqlite3
from dataclasses import dataclass, field

from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One subscription with the state of its source."""

    chat_id: int
    topic_id: int
    number: int
    url: str
    kind: str
    title: str
    state: str
    errors: int
    error: str | None
    error_args: str
    next_check_ms: int
    next_check_reason: str
    paused: bool
    resumes_ms: int | None


def watched(db: Database, *, chat_id: int | None = None) -> list[Watched]:
    """Return the subscriptions of a chat, or of all chats."""
    rows = db.execute(
        """SELECT subscriptions.chat_id, topic_id, number, url, kind,
            COALESCE(subscriptions.title, sources.title) AS title, sources.state, errors, error, error_args,
            next_check_ms, next_check_reason, subscriptions.state = 'paused' AS paused, resumes_ms
        FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE subscriptions.state <> 'removed' AND (:chat_id IS NULL OR subscriptions.chat_id = :chat_id)
        ORDER BY subscriptions.chat_id, number""",
        {"chat_id": chat_id},
    ).fetchall()
    return [Watched(**{**dict(row), "paused": bool(row["paused"])}) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is of everything."""

    sources: dict[str, int]
    failing: int
    subscriptions: int
    chats: int
    links: int
    sent_today: int
    queue: dict[str, int]
    held: dict[str, int]
    duplicates: int
    repeats_caught: int
    oldest_pending_ms: int | None


def counts(db: Database, *, now_ms: int) -> Counts:
    """Count everything that `/stats` and `stats` show."""
    return Counts(
        sources=_grouped(db, "SELECT state, COUNT(*) FROM sources GROUP BY state"),
        failing=_number(db, "SELECT COUNT(*) FROM sources WHERE errors > 0"),
        subscriptions=_number(db, "SELECT COUNT(*) FROM subscriptions WHERE state <> 'removed'"),
        chats=_number(db, "SELECT COUNT(*) FROM chats WHERE state <> 'moved'"),
        # No link is ever deleted, and to count a million takes seconds where they are not in memory.
        links=_maybe(db, "SELECT MAX(id) FROM history") or 0,
        sent_today=_number(
            db, "SELECT COUNT(*) FROM queue WHERE state = 'sent' AND state_ms > ?", now_ms - 86_400_000
        ),
        queue=_grouped(db, "SELECT state, COUNT(*) FROM queue GROUP BY state"),
        held=_grouped(db, "SELECT reason, COUNT(*) FROM queue WHERE state = 'held' GROUP BY reason"),
        duplicates=duplicates(db),
        repeats_caught=_number(db, "SELECT COUNT(*) FROM verdicts WHERE verdict = 'repeat'"),
        oldest_pending_ms=_maybe(db, "SELECT MIN(created_ms) FROM queue WHERE state = 'pending'"),
    )


def duplicates(db: Database) -> int:
    """Return how many links reached a place twice without somebody's wish: always 0."""
    return _number(
        db,
        """SELECT COUNT(*) FROM (
            SELECT 1 FROM queue WHERE state = 'sent' GROUP BY chat_id, scope, history_id, edition
            HAVING COUNT(*) > 1)""",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLife:
    """Everything known about one link."""

    url: str
    normalized_url: str
    title: str
    state: str
    first_seen_ms: int
    sightings: list[dict[str, object]] = field(default_factory=list)
    verdicts: list[dict[str, object]] = field(default_factory=list)
    queue: list[dict[str, object]] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    history_id: int = 0


def life_of(db: Database, key: str) -> LinkLife | None:
    """Return the life of the link with this normalized URL (or alias), or None."""
    row = db.execute(
        """SELECT * FROM history WHERE id = COALESCE(
            (SELECT COALESCE(merged_into, id) FROM history WHERE normalized_url = :key),
            (SELECT history_id FROM aliases WHERE normalized_url = :key))""",
        {"key": key},
    ).fetchone()
    if row is None:
        return None
    link = row["id"]
    return LinkLife(
        url=row["url"],
        normalized_url=row["normalized_url"],
        title=row["title"],
        state=row["state"],
        first_seen_ms=row["first_seen_ms"],
        history_id=link,
        sightings=_dicts(
            db,
            """SELECT source_id, sources.title, sources.url, seen_ms FROM sightings
            JOIN sources ON sources.id = source_id WHERE history_id = ? ORDER BY seen_ms""",
            link,
        ),
        verdicts=_dicts(
            db,
            """SELECT chat_id, topic_id, number, verdict, rule, at_ms FROM verdicts
            JOIN subscriptions ON subscriptions.id = subscription_id WHERE history_id = ? ORDER BY at_ms""",
            link,
        ),
        queue=_dicts(
            db,
            """SELECT id, chat_id, topic_id, state, reason, state_ms, attempts, message_id,
                not_before_ms FROM queue
            WHERE history_id = ? ORDER BY id""",
            link,
        ),
        aliases=[
            alias["normalized_url"]
            for alias in db.execute("SELECT normalized_url FROM aliases WHERE history_id = ?", (link,))
        ],
    )


def due_sources(db: Database, *, now_ms: int) -> int:
    """Return how many sources are due."""
    return _number(
        db,
        "SELECT COUNT(*) FROM sources WHERE state IN ('probing', 'active') AND next_check_ms <= ?",
        now_ms,
    )


def pages_wait(db: Database) -> bool:
    """Return whether any page is still to be read, or was being read when a process ended."""
    sql = """SELECT EXISTS (SELECT 1 FROM history WHERE state = 'accepted')
        OR EXISTS (SELECT 1 FROM history WHERE lease_owner IS NOT NULL)"""
    return bool(_number(db, sql))


def sent_count(db: Database) -> int:
    """Return how many posts were ever sent."""
    return _number(db, "SELECT COUNT(*) FROM queue WHERE state = 'sent'")


def _number(db: Database, sql: str, *values: object) -> int:
    return int(db.execute(sql, values).fetchone()[0])


def _maybe(db: Database, sql: str) -> int | None:
    value: int | None = db.execute(sql).fetchone()[0]
    return value


def _grouped(db: Database, sql: str) -> dict[str, int]:
    return {row[0] or "": row[1] for row in db.execute(sql).fetchall()}


def _dicts(db: Database, sql: str, value: int) -> list[dict[str, object]]:
    rows: list[sqlite3.Row] = db.execute(sql, (value,)).fetchall()
    return [dict(row) for row in rows]
