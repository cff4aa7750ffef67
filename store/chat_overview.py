"""How one chat is doing, or the few that somebody may look at: all that they are told of the whole bot."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from store.overview import DAY_MS

_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOverview:
    """What `/stats` shows of some chats.

    Attributes:
        failing: how many subscriptions have a source that fails, by what with: the most frequent, and all
            under "".
        day: posts of the last 24 hours; `week`: of the last 7 days.
        waiting: links that go out by themselves; `oldest_ms`: since when the oldest does.
        held: by reason.
    """

    subscriptions: int
    paused: int
    failing: dict[str, int]
    day: int
    week: int
    waiting: int
    oldest_ms: int | None
    doubtful: int
    held: dict[str, int] = field(default_factory=dict)


def chat_overview(db: Database, chats: Sequence[int], *, now_ms: int) -> ChatOverview:
    """Count what `/stats` shows of these chats."""

    def number(sql: str, *values: object) -> int | None:
        found: int | None = db.execute(sql, (ids, *values)).fetchone()[0]
        return found

    def grouped(sql: str) -> dict[str, int]:
        return {str(row[0]): int(row[1]) for row in db.execute(sql, (ids,))}

    ids = json.dumps(list(chats))
    # The plus keeps the planner from walking all subscriptions in the order of their states.
    states = grouped(f"SELECT state, COUNT(*) FROM subscriptions WHERE chat_id IN {_CHATS} GROUP BY +state")
    failing = grouped(
        f"""SELECT COALESCE(error, 'crashed'), COUNT(*) FROM subscriptions
        JOIN sources ON sources.id = source_id WHERE chat_id IN {_CHATS}
        AND subscriptions.state <> 'removed' AND errors > 0 GROUP BY 1 ORDER BY 2 DESC"""
    )
    sent = f"SELECT COUNT(*) FROM queue WHERE chat_id IN {_CHATS} AND state = 'sent' AND state_ms > ?"
    waits = f"FROM queue WHERE chat_id IN {_CHATS} AND state = 'pending'"
    return ChatOverview(
        subscriptions=states.get("active", 0) + states.get("paused", 0),
        paused=states.get("paused", 0),
        failing={"": sum(failing.values()), **dict(list(failing.items())[:_REASONS])},
        day=number(sent, now_ms - DAY_MS) or 0,
        week=number(sent, now_ms - 7 * DAY_MS) or 0,
        waiting=number(f"SELECT COUNT(*) {waits}") or 0,
        oldest_ms=number(f"SELECT MIN(created_ms) {waits}"),
        doubtful=number(f"SELECT COUNT(*) FROM queue WHERE chat_id IN {_CHATS} AND state = 'uncertain'") or 0,
        held=grouped(
            f"SELECT reason, COUNT(*) FROM queue WHERE chat_id IN {_CHATS} AND state = 'held' GROUP BY reason"
        ),
    )


def chats_with_subscriptions(db: Database) -> tuple[int, ...]:
    """Return every chat that watches something."""
    rows = db.execute("SELECT DISTINCT chat_id FROM subscriptions WHERE state <> 'removed'").fetchall()
    return tuple(row["chat_id"] for row in rows)


_CHATS = "(SELECT value FROM json_each(?))"
