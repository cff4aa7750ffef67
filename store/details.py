"""Everything there is to say about one source, for those who may look at the chat that watches it."""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from core.access import Access
from core.schedule import PollingPolicy
from store import checks
from store.checks import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """One subscription and the state of its source. Of values of its own only the names are here."""

    number: int
    title: str
    url: str
    kind: str
    state: str
    last_ok_ms: int | None
    last_new_ms: int | None
    errors: int
    error: str | None
    error_args: tuple[str, ...]
    next_check_ms: int
    next_check_reason: str
    interval: Interval
    own_values: tuple[str, ...]
    here: tuple[tuple[int, int], ...]
    """Number and topic of each subscription of this chat to what is at this address."""


def details(db: Database, *, chat_id: int, which: str, policy: PollingPolicy, now_ms: int) -> Details | None:
    """Return the details of what a chat watches under a number or address; None where that is nothing."""
    row = db.execute(
        """SELECT sources.*, number, COALESCE(subscriptions.title, sources.title) AS shown,
            subscriptions.state AS standing
        FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE chat_id = :chat AND subscriptions.state <> 'removed'
        AND (CAST(number AS TEXT) = :which OR url = :which) ORDER BY number LIMIT 1""",
        {"chat": chat_id, "which": which},
    ).fetchone()
    if row is None:
        return None
    here = db.execute(
        """SELECT number, topic_id FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE chat_id = ? AND url = ? AND subscriptions.state <> 'removed' ORDER BY number""",
        (chat_id, row["url"]),
    ).fetchall()
    return Details(
        number=row["number"],
        title=row["shown"],
        url=row["url"],
        kind=row["kind"],
        state="pausing" if row["standing"] == "paused" else row["state"],
        last_ok_ms=row["last_ok_ms"],
        last_new_ms=row["last_new_ms"],
        errors=row["errors"],
        error=row["error"],
        error_args=tuple(json.loads(row["error_args"])),
        next_check_ms=row["next_check_ms"],
        next_check_reason=row["next_check_reason"],
        interval=checks.interval_of(db, row["id"], policy, now_ms=now_ms),
        own_values=_names(Access.read(row["credentials"])),
        here=tuple((each["number"], each["topic_id"]) for each in here),
    )


def _names(access: Access) -> tuple[str, ...]:
    names = ["user_agent"] if access.user_agent else []
    names += [f"header {name}" for name, _ in access.headers]
    return (*names, "proxy") if access.proxy else tuple(names)
