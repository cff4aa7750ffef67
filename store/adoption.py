"""Links that are in a chat already, whoever put them there: what another bot, or a lost database, knew."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from core.protocol import HistoryId
from core.urls.normalize import RULES_VERSION, normalize
from store import chats, doubts, history


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLink:
    """A link under its key, and where in its chat it was found."""

    key: str
    url: str
    at_ms: int
    title: str = ""
    topic_id: int = 0
    message_id: int | None = None


@dataclass(slots=True)
class Recorded:
    """What recording links did."""

    new_links: int = 0
    """Rows of history that did not exist before."""
    new_posts: int = 0
    """Links that are now known to be in the chat, and of which nothing was queued there."""
    settled: Counter[str] = field(default_factory=Counter)
    """Rows that were not sent, so the database said, by their state: they are now."""

    def add(self, other: "Recorded") -> None:
        """Count what another one did too."""
        self.new_links += other.new_links
        self.new_posts += other.new_posts
        self.settled += other.settled


def link_of(url: str, *, at_ms: int, topic_id: int = 0, message_id: int | None = None) -> KnownLink:
    """Return a link under its key.

    Raises:
        RefusedUrl: it is no link to the web.
    """
    return KnownLink(key=normalize(url), url=url, at_ms=at_ms, topic_id=topic_id, message_id=message_id)


def know(db: Database, links: Sequence[KnownLink]) -> int:
    """Make a row of history for each link that it does not know; return how many that are.

    A title is added to those without one.
    """
    made = db.execute(
        """INSERT INTO history (normalized_url, url, title, first_seen_ms, rules_version)
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
            json_extract(value, '$[3]'), ?
        FROM json_each(?) AS entry
        WHERE NOT EXISTS (
            SELECT 1 FROM aliases WHERE aliases.normalized_url = json_extract(entry.value, '$[0]'))
        ON CONFLICT (normalized_url) DO NOTHING""",
        (RULES_VERSION, json.dumps([[link.key, link.url, link.title, link.at_ms] for link in links])),
    ).rowcount
    titled = [[link.key, link.title] for link in links if link.title]
    if titled:
        db.execute(
            """UPDATE history SET title = json_extract(value, '$[1]') FROM json_each(?)
            WHERE normalized_url = json_extract(value, '$[0]') AND title = ''""",
            (json.dumps(titled),),
        )
    return made


def record(db: Database, links: Sequence[KnownLink], *, chat_id: int, now_ms: int) -> Recorded:
    """Mark links as sent to a chat, the first of several that are one. Repeating it changes nothing.

    A row that waits, is held or was given up is sent now: what it wanted is there. So is one in doubt,
    for that is the proof that was missing. A deliberate repetition stays what it is.
    """
    done = Recorded(new_links=know(db, links))
    here = chats.current_id(db, chat_id)
    chats.ensure(db, here)
    once = db.execute("SELECT once FROM chats WHERE chat_id = ?", (here,)).fetchone()["once"]
    ids = history.ids_of(db, [link.key for link in links])
    places: dict[tuple[int, HistoryId], KnownLink] = {}
    for link in links:
        places.setdefault((link.topic_id if once == "topic" else 0, ids[link.key]), link)
    there = _settle(db, here, places, done, now_ms)
    missing = {place: link for place, link in places.items() if place not in there}
    done.new_posts = _insert(db, here, missing)
    if here == chat_id:  # message ids belong to the chat they were sent to
        chats.note_message(db, here, max((link.message_id or 0 for link in links), default=0))
    return done


def _settle(
    db: Database,
    chat_id: int,
    places: Mapping[tuple[int, HistoryId], KnownLink],
    done: Recorded,
    now_ms: int,
) -> set[tuple[int, HistoryId]]:
    """Mark the rows that exist as sent; return where they are."""
    rows = db.execute(
        """SELECT id, scope, history_id, state, reason, message_id FROM queue
        WHERE chat_id = ? AND edition = 0 AND history_id IN (SELECT value FROM json_each(?))""",
        (chat_id, json.dumps([history_id for _, history_id in places])),
    ).fetchall()
    for row in rows:
        link = places.get((row["scope"], row["history_id"]))
        if link is None:
            continue
        if row["state"] != "sent":
            done.settled["uncertain" if row["reason"] == "uncertain" else row["state"]] += 1
            doubts.answer(db, queue_id=row["id"], verdict="sent", now_ms=now_ms)  # closes its question
            db.execute(
                """UPDATE queue SET state = 'sent', reason = 'adopted', state_ms = ?, lease_owner = NULL,
                    lease_until_ms = NULL WHERE id = ?""",
                (now_ms, row["id"]),
            )
        if row["message_id"] is None and link.message_id is not None:
            db.execute("UPDATE queue SET message_id = ? WHERE id = ?", (link.message_id, row["id"]))
    return {(row["scope"], HistoryId(row["history_id"])) for row in rows}


def _insert(db: Database, chat_id: int, places: Mapping[tuple[int, HistoryId], KnownLink]) -> int:
    base = db.execute("SELECT COALESCE(MAX(position), 0) FROM queue").fetchone()[0]
    rows = [
        [scope, history_id, link.topic_id, link.message_id, link.at_ms]
        for (scope, history_id), link in places.items()
    ]
    return db.execute(
        """INSERT INTO queue (chat_id, scope, history_id, topic_id, message_id, state_ms, created_ms,
            position, state, reason)
        SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
            json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[4]'),
            ? + key + 1, 'sent', 'adopted'
        FROM json_each(?)""",
        (chat_id, base, json.dumps(rows)),
    ).rowcount
