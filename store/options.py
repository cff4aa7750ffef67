"""What can be set for one subscription: its columns, and the values its own source is asked with."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from core.access import Access, origin_of
from core.errors import UserError
from core.set_keys import Value
from store import accesses, filters, topics
from store.outbox import staleness

_COLUMNS = {
    "every": ("interval_s", None),
    "title": ("title", None),
    "silent": ("silent", False),
    "preview": ("preview", True),
    "media": ("media", True),
    "expire": ("expire_s", None),
    "approve": ("approve", False),
    "backlog": ("backlog", "none"),
    "tags": ("tags", None),
    "pages": ("pages", True),
    "template": ("template", None),
}
"""Column of each key, and what it is when nothing was set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is set for one subscription."""

    number: int
    name: str
    every_s: float | None
    title: str | None
    silent: bool
    preview: bool
    media: bool
    rules: tuple[str, ...] = ()
    expire_s: float | None = None
    approve: bool
    topic_id: int = 0
    tags: tuple[str, ...] = ()
    pages: bool = True
    template: str | None = None
    access: Access = field(default_factory=Access)


def of(db: Database, *, chat_id: int, number: int) -> Options | None:
    """Return what is set under a number of a chat; None where nothing is watched under it."""
    row = _row(db, chat_id, number)
    if row is None:
        return None
    return Options(
        number=number,
        name=row["title"] or row["source_title"] or row["url"],
        every_s=row["interval_s"],
        title=row["title"],
        silent=bool(row["silent"]),
        preview=bool(row["preview"]),
        media=bool(row["media"]),
        rules=filters.lines(row["filter"]),
        expire_s=row["expire_s"],
        approve=bool(row["approve"]),
        topic_id=row["topic_id"],
        tags=tuple((row["tags"] or "").split()),
        pages=bool(row["pages"]),
        template=row["template"],
        access=Access.read(row["credentials"]),
    )


def change(
    db: Database,
    *,
    chat_id: int,
    number: int,
    changes: Sequence[tuple[str, Value | None]],
    now_ms: int,
) -> Options | None:
    """Change what is set under a number of a chat, None meaning "as if never set". Safe to repeat.

    Raises:
        UserError: its source cannot be moved or has too many headers, it cannot go to that topic, or was
            read already, so that it has no backlog to choose; nothing has changed then.
    """
    row = _row(db, chat_id, number)
    if row is None:
        return None
    before = access = Access.read(row["credentials"])
    for key, value in changes:
        if key == "filter":
            filters.put(db, row["id"], str(value or ""))
        elif key == "topic":
            topics.move_subscription(db, row["id"], int(str(value or 0)), now_ms=now_ms)
        elif key in _COLUMNS:
            _put(db, row, key, value, now_ms)
        else:
            access = _with(access, key, value, row["url"])
    if access != before:
        accesses.give(db, row["id"], access, now_ms=now_ms)
    return of(db, chat_id=chat_id, number=number)


def _row(db: Database, chat_id: int, number: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        """SELECT subscriptions.*, url, credentials, sources.title AS source_title
        FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE chat_id = ? AND number = ? AND subscriptions.state <> 'removed'""",
        (chat_id, number),
    ).fetchone()
    return row


def _put(db: Database, row: sqlite3.Row, key: str, value: Value | None, now_ms: int) -> None:
    if key == "backlog" and row["primed_ms"] is not None:
        raise UserError(
            "backlog: it was read already. After a pause, /resume says what of the time between is posted."
        )
    column, unset = _COLUMNS[key]
    new = unset if value is None else value
    db.execute(f"UPDATE subscriptions SET {column} = ? WHERE id = ?", (new, row["id"]))
    if key == "expire":
        staleness.set_expiry(db, row["id"], value if isinstance(value, float) else None)
    if key == "every" and isinstance(value, float):
        db.execute(  # a shorter interval holds from now on, not from the next check
            "UPDATE sources SET next_check_ms = MIN(next_check_ms, ?), scheduled_ms = ? WHERE id = ?",
            (now_ms + round(value * 1000), now_ms, row["source_id"]),
        )


def _with(access: Access, key: str, value: Value | None, url: str) -> Access:
    match key, value:
        case "header", None:
            return replace(access, headers=(), origin="")
        case "header", (str(name), str(text)):
            origin = origin_of(url)
            if access.origin != origin:  # others were given for where the source was then
                access = replace(access, headers=(), origin=origin)
            return access.with_header(name, text)
        case _:
            text = value if isinstance(value, str) else ""
            return replace(access, proxy=text) if key == "proxy" else replace(access, user_agent=text)
