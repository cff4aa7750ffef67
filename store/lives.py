"""The life of a link, as far as somebody may know of it."""

from dataclasses import replace

from sqlite_utils import Database

from store import reads
from store.finding import VISIBLE, Scope, scope_values
from store.reads import LinkLife


def life_for(db: Database, key: str, scope: Scope) -> LinkLife | None:
    """Return what the chats of a scope have to do with a link; None where that is nothing.

    Sources that only other chats watch, what these wanted, and what became of it there, are left out.
    """
    life = reads.life_of(db, key)
    if life is None:
        return None
    values = scope_values(scope)
    shown = db.execute(
        f"SELECT 1 FROM history WHERE id = :id AND {VISIBLE}", {"id": life.history_id, **values}
    ).fetchone()
    if shown is None:
        return None
    if scope is None:
        return life
    watched = {
        row["source_id"]
        for row in db.execute(
            """SELECT DISTINCT source_id FROM subscriptions WHERE state <> 'removed'
            AND chat_id IN (SELECT value FROM json_each(:chats))""",
            {"chats": values["chats"]},
        )
    }
    return replace(
        life,
        sightings=[each for each in life.sightings if each["source_id"] in watched],
        verdicts=[each for each in life.verdicts if each["chat_id"] in scope],
        queue=[each for each in life.queue if each["chat_id"] in scope],
    )


def titles_of(db: Database, chat_ids: set[int]) -> dict[int, str]:
    """Return what chats are called."""
    rows = (db.execute("SELECT title FROM chats WHERE chat_id = ?", (each,)).fetchone() for each in chat_ids)
    return {
        chat_id: row["title"]
        for chat_id, row in zip(chat_ids, rows, strict=True)
        if row is not None and row["title"]
    }
