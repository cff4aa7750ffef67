"""Links that turn out to be one: a canonical address found late, a redirect, a new rule for keys.

Rows of history are merged, never deleted: the one that goes points to the one that is kept, so that its
key leads there too.
"""

import sqlite3

from sqlite_utils import Database

from core.protocol import HistoryId
from store import own_texts

_STRENGTH = """CASE
    WHEN state = 'sent' THEN 4
    WHEN state IN ('sending', 'uncertain') OR (state = 'held' AND reason = 'uncertain') THEN 3
    WHEN state = 'pending' THEN 2 WHEN state = 'held' THEN 1 ELSE 0 END"""
"""What may be in the chat already outweighs what can still be sent."""
_STATES = ("known", "accepted", "fetching", "ready")


def merge(db: Database, one: int, other: int, *, now_ms: int) -> HistoryId:
    """Make one link of two; return the row that is kept. Safe to repeat.

    The row that was sent anywhere is kept, else the older one. Rules for what both have:

    - Of two outbox rows of one place the stronger stays: sent, then in doubt (sending, uncertain, held for
      that), then pending, held, and dropped or dead; of equals, the kept link's. The other one is moved
      aside as an edition of its own and is dropped visibly (`merged`), but for one that was sent too.
    - A source showed the link when it first showed either.
    - A subscription that wanted either wants it; where its outbox row was the weaker one, it is a repeat,
      as it is for the second of two sources.
    - What the kept row does not say of the link, the other one adds. What only a subscription's own access
      showed gives way to what is public.
    - Keys and aliases of both lead to the row that is kept.
    """
    kept, gone = _chosen(db, one, other)
    if kept["id"] == gone["id"]:
        return HistoryId(kept["id"])
    _describe(db, kept, gone)
    _move_sightings(db, kept["id"], gone["id"])
    _move_verdicts(db, kept["id"], gone["id"])
    _move_queue(db, kept["id"], gone["id"], now_ms)
    db.execute("UPDATE aliases SET history_id = ? WHERE history_id = ?", (kept["id"], gone["id"]))
    db.execute("UPDATE history SET merged_into = ? WHERE merged_into = ?", (kept["id"], gone["id"]))
    db.execute(
        """UPDATE history SET merged_into = ?, state = 'known', ready_by_ms = NULL, lease_owner = NULL,
            lease_until_ms = NULL WHERE id = ?""",
        (kept["id"], gone["id"]),
    )
    return HistoryId(kept["id"])


def standing_for(db: Database, history_id: int) -> HistoryId:
    """Return the row that is kept of a link."""
    row = db.execute(
        "SELECT COALESCE(merged_into, id) AS id FROM history WHERE id = ?", (history_id,)
    ).fetchone()
    return HistoryId(row["id"])


def swap_keys(db: Database, one: int, other: int) -> None:
    """Give two rows each other's key."""
    keys = {
        row["id"]: row["normalized_url"]
        for row in db.execute("SELECT id, normalized_url FROM history WHERE id IN (?, ?)", (one, other))
    }
    for row_id, key in ((one, f"swapped:{one}"), (other, keys[one]), (one, keys[other])):
        db.execute("UPDATE history SET normalized_url = ? WHERE id = ?", (key, row_id))


def _chosen(db: Database, one: int, other: int) -> tuple[sqlite3.Row, sqlite3.Row]:
    """Return the rows that these stand for: the one to keep, and the one that goes."""
    first, second = (
        db.execute(
            """SELECT *, EXISTS (
                SELECT 1 FROM queue WHERE history_id = history.id AND queue.state = 'sent') AS was_sent
            FROM history WHERE id = ?""",
            (standing_for(db, each),),
        ).fetchone()
        for each in (one, other)
    )
    order = sorted((first, second), key=lambda row: (not row["was_sent"], row["first_seen_ms"], row["id"]))
    return order[0], order[1]


def _describe(db: Database, kept: sqlite3.Row, gone: sqlite3.Row) -> None:
    """Add to the kept row what only the other one says."""
    public = kept["private_to"] is not None and gone["private_to"] is None
    first, then = (gone, kept) if public else (kept, gone)
    if then["private_to"] not in (None, first["private_to"]):
        then = first  # its words are for those with its access
    states = [_STATES.index(kept["state"]), _STATES.index(gone["state"])]
    if gone["state"] == "fetching":
        states[1] = 1  # the page is read anew, for the row that is kept
    ready = [row["ready_by_ms"] for row in (kept, gone) if row["ready_by_ms"] is not None]
    values = {
        name: first[name] if first[name] not in (None, "", "[]") else then[name]
        for name in ("title", "summary", "image", "author", "tags", "published_ms", "page")
    }
    db.execute(
        """UPDATE history SET url = :url, title = :title, summary = :summary, image = :image,
            author = :author, tags = :tags, published_ms = :published_ms, page = :page,
            private_to = :private_to, state = :state, ready_by_ms = :ready_by_ms,
            first_seen_ms = :first_seen_ms WHERE id = :id""",
        {
            **values,
            "url": first["url"],
            "private_to": first["private_to"],
            "state": _STATES[max(states)],
            "ready_by_ms": min(ready, default=None),
            "first_seen_ms": min(kept["first_seen_ms"], gone["first_seen_ms"]),
            "id": kept["id"],
        },
    )


def _move_sightings(db: Database, kept: int, gone: int) -> None:
    db.execute(
        """INSERT INTO sightings (source_id, history_id, seen_ms, position, guid)
        SELECT source_id, ?, seen_ms, position, guid FROM sightings WHERE history_id = ?
        ON CONFLICT (source_id, history_id) DO UPDATE SET
            seen_ms = excluded.seen_ms, position = excluded.position, guid = COALESCE(excluded.guid, guid)
        WHERE excluded.seen_ms < sightings.seen_ms""",
        (kept, gone),
    )
    db.execute("DELETE FROM sightings WHERE history_id = ?", (gone,))


def _move_verdicts(db: Database, kept: int, gone: int) -> None:
    db.execute(
        """INSERT INTO verdicts (subscription_id, history_id, verdict, rule, at_ms)
        SELECT subscription_id, ?, verdict, rule, at_ms FROM verdicts WHERE history_id = ?
        ON CONFLICT (subscription_id, history_id) DO UPDATE SET
            verdict = excluded.verdict, rule = excluded.rule, at_ms = excluded.at_ms
        WHERE excluded.verdict = 'wanted' AND verdicts.verdict <> 'wanted'""",
        (kept, gone),
    )
    db.execute("DELETE FROM verdicts WHERE history_id = ?", (gone,))


def _move_queue(db: Database, kept: int, gone: int, now_ms: int) -> None:
    twins = db.execute(
        f"""SELECT mine.id AS mine, mine.subscription_id AS my_subscription,
            theirs.id AS theirs, theirs.subscription_id AS their_subscription,
            (SELECT {_STRENGTH} FROM queue WHERE id = mine.id) AS my_strength,
            (SELECT {_STRENGTH} FROM queue WHERE id = theirs.id) AS their_strength
        FROM queue AS mine JOIN queue AS theirs
            ON theirs.chat_id = mine.chat_id AND theirs.scope = mine.scope
            AND theirs.edition = mine.edition AND theirs.history_id = ?
        WHERE mine.history_id = ?""",
        (gone, kept),
    ).fetchall()
    for twin in twins:
        winner, loser = ("theirs", "their"), ("mine", "my")
        if twin["my_strength"] >= twin["their_strength"]:
            winner, loser = loser, winner
        _set_aside(db, twin[loser[0]], now_ms)
        own_texts.inherit(db, heir=twin[winner[0]], gone=twin[loser[0]], now_ms=now_ms)
        wants = twin[f"{loser[1]}_subscription"]
        if wants is not None and wants != twin[f"{winner[1]}_subscription"]:
            db.execute(
                """UPDATE verdicts SET verdict = 'repeat'
                WHERE subscription_id = ? AND history_id = ? AND verdict = 'wanted'""",
                (wants, kept),
            )
    db.execute("UPDATE queue SET history_id = ? WHERE history_id = ?", (kept, gone))


def _set_aside(db: Database, queue_id: int, now_ms: int) -> None:
    """Make room for a stronger row: a post that was sent stays so, anything else is dropped visibly."""
    db.execute(
        """UPDATE queue SET edition = -id, reason = 'merged', lease_owner = NULL, lease_until_ms = NULL,
            state_ms = CASE WHEN state = 'sent' THEN state_ms ELSE ? END,
            state = CASE WHEN state = 'sent' THEN 'sent' ELSE 'dropped' END WHERE id = ?""",
        (now_ms, queue_id),
    )
