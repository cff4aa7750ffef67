"""Finding links by their words: an index that the janitor fills in batches, and looking into it.

It holds the links of the last KEEP_PAGES. A link enters some time after it came, and anew when its page has
been read or its texts have changed; both are rows, so nothing is missed.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sqlite_utils import Database

from core.searching import fold, match_of
from core.text import plain_text
from store import facts

Scope = tuple[int, ...] | None
"""The chats that somebody may look at; None: all."""

_TO, _FROM = "words_to", "words_from"
_BATCH = 200
_WINDOW = 2_000
"""So many links with the words are looked at for those that may be shown."""
_LONGEST_TEXT = 2_000
_OF_PAGES = ("title", "description", "site", "author")
VISIBLE = """(private_to IS NULL OR EXISTS (
        SELECT 1 FROM subscriptions WHERE subscriptions.id = private_to
        AND (:all OR subscriptions.chat_id IN (SELECT value FROM json_each(:chats)))))
    AND (:all OR EXISTS (
        SELECT 1 FROM queue WHERE queue.history_id = history.id
        AND queue.chat_id IN (SELECT value FROM json_each(:chats)))
    OR EXISTS (
        SELECT 1 FROM sightings JOIN subscriptions ON subscriptions.source_id = sightings.source_id
        WHERE sightings.history_id = history.id AND subscriptions.state <> 'removed'
        AND subscriptions.chat_id IN (SELECT value FROM json_each(:chats))))"""
"""SQL: a row of `history` may be shown to whoever sees these chats; `scope_values` are its parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
    """A link, as it is listed."""

    url: str
    title: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """Some of the links that were found, the newest first."""

    links: tuple[FoundLink, ...] = ()
    older: int | None = None
    """Where to go on; None: there are no more."""


def scope_values(scope: Scope) -> dict[str, object]:
    """Return the parameters of `VISIBLE`."""
    return {"all": scope is None, "chats": json.dumps(scope or ())}


def is_behind(db: Database) -> bool:
    """Return whether there is something to bring into the index."""
    row = db.execute(
        """SELECT EXISTS (SELECT 1 FROM words_due)
        OR COALESCE((SELECT MAX(id) FROM history), 0) > COALESCE(
            (SELECT CAST(value AS INTEGER) FROM facts WHERE name = ?), 0)""",
        (_TO,),
    ).fetchone()
    return bool(row[0])


def index(db: Database, *, since_ms: int, limit: int = _BATCH) -> bool:
    """Bring a batch of links into the index, of those first seen since then; tell whether there was any."""
    done = int(facts.get(db, _TO) or 0)
    fresh = db.execute("SELECT * FROM history WHERE id > ? ORDER BY id LIMIT ?", (done, limit)).fetchall()
    due = db.execute("SELECT history_id FROM words_due ORDER BY history_id LIMIT ?", (limit,)).fetchall()
    ids = json.dumps([row["history_id"] for row in due])
    changed = db.execute(
        "SELECT * FROM history WHERE id <= ? AND id IN (SELECT value FROM json_each(?))", (done, ids)
    ).fetchall()
    db.execute("DELETE FROM words_due WHERE history_id IN (SELECT value FROM json_each(?))", (ids,))
    db.execute("DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))", (ids,))
    for row in (*changed, *fresh):
        if row["first_seen_ms"] >= since_ms and row["merged_into"] is None:
            db.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (row["id"], _text(row)))
    if fresh:
        facts.put(db, _TO, str(fresh[-1]["id"]))
    return bool(fresh or due)


def forget(db: Database, *, before_ms: int, limit: int = _BATCH) -> bool:
    """Take a batch of links out of the index that were first seen before then; tell whether there was any."""
    done = int(facts.get(db, _FROM) or 0)
    rows = db.execute(
        "SELECT id, first_seen_ms FROM history WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
        (done, int(facts.get(db, _TO) or 0), limit),
    ).fetchall()
    old: list[int] = []
    for row in rows:
        if row["first_seen_ms"] >= before_ms:
            break
        old.append(row["id"])
    if old:
        db.execute("DELETE FROM words WHERE rowid > ? AND rowid <= ?", (done, old[-1]))
        facts.put(db, _FROM, str(old[-1]))
    return bool(old)


def find(
    db: Database,
    words: tuple[str, ...],
    *,
    scope: Scope,
    since_ms: int,
    before: int | None = None,
    limit: int,
) -> FoundPage:
    """Return links with these words that may be shown, newest first, from where the page `before` ended."""
    if not words:
        return FoundPage()
    rows = db.execute(
        f"""SELECT history.id, url, first_seen_ms AS at_ms, merged_into,
            COALESCE(NULLIF(title, ''), json_extract(page, '$.title'), '') AS title,
            first_seen_ms >= :since AND {VISIBLE} AS shown
        FROM (SELECT rowid AS link FROM words WHERE words MATCH :match AND rowid < :before
            ORDER BY rowid DESC LIMIT :window) AS hits
        CROSS JOIN history ON history.id = hits.link""",
        {
            **scope_values(scope),
            "since": since_ms,
            "match": match_of(words),
            "before": before if before is not None else 2**62,
            "window": _WINDOW,
        },
    )
    links: list[FoundLink] = []
    last = looked_at = 0
    for row in rows:
        if row["shown"] and len(links) == limit:
            return FoundPage(links=tuple(links), older=last)
        looked_at += 1
        last = row["id"]
        if row["shown"]:
            links.append(FoundLink(url=row["url"], title=row["title"], at_ms=row["at_ms"]))
    return FoundPage(links=tuple(links), older=last if looked_at == _WINDOW else None)


def posted(db: Database, chat_id: int, *, limit: int) -> Sequence[FoundLink]:
    """Return the last posts of a chat, the newest first."""
    rows = db.execute(
        """SELECT url, COALESCE(NULLIF(title, ''), json_extract(page, '$.title'), '') AS title,
            state_ms AS at_ms
        FROM (SELECT history_id, state_ms, id AS row_id FROM queue WHERE chat_id = ? AND state = 'sent'
            ORDER BY state_ms DESC LIMIT ?) AS sent JOIN history ON history.id = sent.history_id
        ORDER BY at_ms DESC, row_id DESC""",
        (chat_id, limit),
    ).fetchall()
    return [FoundLink(**dict(row)) for row in rows]


def _text(row: sqlite3.Row) -> str:
    """Return what a link is found by: all that is said of it, and its address without the query."""
    page = json.loads(row["page"] or "{}")
    parts = [row["title"], plain_text(row["summary"]), row["author"] or ""]
    parts += [str(page[name]) for name in _OF_PAGES if name in page]
    parts += page.get("tags", ())
    return fold(" ".join(part for part in parts if part)[:_LONGEST_TEXT] + " " + _address(row["url"]))


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.hostname or ''} {unquote(parts.path)}"[:_LONGEST_TEXT]
