"""What the database knows of links, as rules ask for it."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from sqlite_utils import Database

from core.filters.facts import LinkFacts
from core.protocol import HistoryId

COLUMNS = """history.id, history.url, history.normalized_url, history.title, history.summary, history.author,
    history.tags, history.published_ms, history.page, history.state, history.first_seen_ms"""


def facts_in(
    db: Database, links: Sequence[HistoryId], *, chat_id: int, pages_come: bool, now_ms: int
) -> Iterator[tuple[HistoryId, LinkFacts]]:
    """Yield what a chat may know of links; of those whose pages are not read yet it is not all, if any are.

    Of what another chat saw with access of its own, only the address is known.
    """
    rows: Iterable[sqlite3.Row] = db.execute(
        f"""SELECT {COLUMNS}, NOT (private_to IS NULL OR EXISTS (
                SELECT 1 FROM subscriptions WHERE subscriptions.id = private_to AND chat_id = ?)) AS hidden
        FROM history WHERE id IN (SELECT value FROM json_each(?))""",
        (chat_id, json.dumps(list(links))),
    ).fetchall()
    for row in rows:
        final = not pages_come or row["state"] == "ready"
        facts = facts_from(row, now_ms=now_ms, final=final)
        if row["hidden"]:
            facts = LinkFacts(url=row["normalized_url"], seen_ms=row["first_seen_ms"], now_ms=now_ms)
        yield HistoryId(row["id"]), facts


def facts_from(row: sqlite3.Row, *, now_ms: int, final: bool = True) -> LinkFacts:
    """Return what a row of history (`COLUMNS`) says."""
    return LinkFacts(
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        author=row["author"],
        tags=json.loads(row["tags"]),
        published_ms=row["published_ms"],
        page=json.loads(row["page"] or "{}"),
        final=final,
        seen_ms=row["first_seen_ms"],
        now_ms=now_ms,
    )
