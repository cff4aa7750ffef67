"""Aliases: other addresses under which a link is known."""

import json
import sqlite3
from collections.abc import Sequence

from sqlite_utils import Database

from core.protocol import Candidate, HistoryId
from core.same_page import Claim, Titles, Witness, judge, named
from store import links

_WEAK = "canonical"
_DISPUTED = "disputed"


def lead(
    db: Database, link: HistoryId, target: str, *, witness: Witness, titles: Titles, now_ms: int
) -> HistoryId:
    """Take in that a link is said to lead to an address; return the link's row, another one after a merge."""
    key = db.execute("SELECT normalized_url FROM history WHERE id = ?", (link,)).fetchone()[0]
    owner, claim = _claim(db, target)
    if owner == link:
        return link
    match judge(witness=witness, key=key, target=target, titles=titles, claim=claim):
        case "alias":
            db.execute(
                """INSERT INTO aliases (normalized_url, history_id, kind) VALUES (?, ?, ?)
                ON CONFLICT DO NOTHING""",
                (target, link, witness),
            )
        case "merge" if owner is not None:
            return links.merge(db, link, owner, now_ms=now_ms)
        case "dispute":
            db.execute("UPDATE aliases SET kind = ? WHERE normalized_url = ?", (_DISPUTED, target))
    return link


def doubt(db: Database, candidates: Sequence[Candidate]) -> None:
    """Give up aliases that only a page vouches for, where a source shows another story under that address."""
    shown = {candidate.key: candidate.title for candidate in candidates}
    rows = db.execute(
        f"""SELECT aliases.normalized_url AS key, history.title, json_extract(history.page, '$.title') AS page
        FROM json_each(?) AS shown
        JOIN aliases ON aliases.normalized_url = shown.value AND aliases.kind = '{_WEAK}'
        JOIN history ON history.id = aliases.history_id""",
        (json.dumps(list(shown)),),
    ).fetchall()
    for row in rows:
        if not named(shown[row["key"]], _titles(row)):
            db.execute("UPDATE aliases SET kind = ? WHERE normalized_url = ?", (_DISPUTED, row["key"]))


def _claim(db: Database, target: str) -> tuple[HistoryId | None, Claim | None]:
    """Return who has an address; one that is disputed is nobody's, and stays so."""
    row = db.execute(
        """SELECT COALESCE(merged_into, id) AS id, title, json_extract(page, '$.title') AS page
        FROM history WHERE normalized_url = ?""",
        (target,),
    ).fetchone()
    if row is not None:
        return HistoryId(row["id"]), Claim(is_link=True, titles=_titles(row))
    row = db.execute(
        f"""SELECT history.id, history.title, json_extract(history.page, '$.title') AS page
        FROM aliases JOIN history ON history.id = aliases.history_id
        WHERE aliases.normalized_url = ? AND aliases.kind <> '{_DISPUTED}'""",
        (target,),
    ).fetchone()
    return (None, None) if row is None else (HistoryId(row["id"]), Claim(is_link=False, titles=_titles(row)))


def _titles(row: sqlite3.Row) -> Titles:
    return Titles(shown=row["title"], page=row["page"] or "")
