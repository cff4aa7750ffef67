"""Texts that people wrote for single posts, in the place of what templates would make of them."""

import json
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from core.errors import UserError
from store import notices

_FORGOTTEN_AT_ONCE = 500
_MAY_GO_OUT = "'pending', 'held', 'sending', 'uncertain'"
_WAITS = """state IN ('pending', 'held') AND lease_owner IS NULL AND message_id IS NULL
    AND COALESCE(reason, '') NOT IN ('uncertain', 'since_backup')"""


def why_not(db: Database, queue_id: int) -> str | None:
    """Return why the text of a post can be changed no more, as a code; None where it can be."""
    row = db.execute(
        f"SELECT state, lease_owner, reason, {_WAITS} AS waits FROM queue WHERE id = ?", (queue_id,)
    ).fetchone()
    if row is None or row["state"] in ("dropped", "dead"):
        return "edit_settled"
    if row["waits"]:
        return None
    under_way = row["state"] == "sending" or (row["state"] == "pending" and row["lease_owner"] is not None)
    return "edit_under_way" if under_way else "edit_posted"


def write(
    db: Database,
    queue_id: int,
    *,
    text: str,
    entities: Sequence[Mapping[str, object]],
    by: str,
    now_ms: int,
) -> str | None:
    """Give a post that waits a text of its own, in the place of any other; return why not, as a code.

    Args:
        db: the writer's connection.
        queue_id: its row.
        text: as somebody wrote it.
        entities: its formatting, as `core.rendering.written` reads it.
        by: the name of whoever wrote it.
        now_ms: wall clock.
    """
    refused = why_not(db, queue_id)
    if refused is not None:
        return refused
    db.execute(
        """INSERT INTO own_texts (queue_id, text, entities, written_by, written_ms) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (queue_id) DO UPDATE SET text = excluded.text, entities = excluded.entities,
            written_by = excluded.written_by, written_ms = excluded.written_ms, version = version + 1""",
        (queue_id, text, json.dumps(list(entities)), by, now_ms),
    )
    tell_card(db, queue_id, now_ms=now_ms)
    return None


def version_of(db: Database, queue_id: int) -> int:
    """Return how often the text of a post was written; 0 is never."""
    row = db.execute("SELECT version FROM own_texts WHERE queue_id = ?", (queue_id,)).fetchone()
    return 0 if row is None else int(row["version"])


def check_seen(db: Database, queue_id: int, version: int) -> None:
    """Let pass who has seen the text that a post has now.

    Raises:
        UserError: it was written anew since.
    """
    if version != version_of(db, queue_id):
        raise UserError("Its text was changed meanwhile. The card shows the new one.")


def inherit(db: Database, *, heir: int, gone: int, now_ms: int) -> None:
    """Let a row have the text of another one that gives way to it, unless it has its own."""
    inherited = db.execute("UPDATE OR IGNORE own_texts SET queue_id = ? WHERE queue_id = ?", (heir, gone))
    if inherited.rowcount:
        tell_card(db, heir, now_ms=now_ms)


def forget(db: Database, *, before_ms: int, limit: int = _FORGOTTEN_AT_ONCE) -> int:
    """Drop texts that were written before a time (epoch ms) for posts that are done; return how many."""
    return db.execute(
        f"""DELETE FROM own_texts WHERE queue_id IN (
            SELECT queue_id FROM own_texts JOIN queue ON queue.id = queue_id
            WHERE written_ms < ? AND queue.state NOT IN ({_MAY_GO_OUT}) LIMIT ?)""",
        (before_ms, limit),
    ).rowcount


def tell_card(db: Database, queue_id: int, *, now_ms: int) -> None:
    """Show the text of a post on the card that asks whether it may be posted, if there is one."""
    row = db.execute(
        "SELECT text, version, written_by FROM own_texts WHERE queue_id = ?", (queue_id,)
    ).fetchone()
    if row is not None:
        notices.change(
            db,
            key=f"approval:{queue_id}",
            only_from="approval.question",
            code="approval.question",
            args={"own": row["text"], "version": row["version"], "written_by": row["written_by"]},
            now_ms=now_ms,
        )
