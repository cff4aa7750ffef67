"""Posts in doubt that are looked for: which one is next, what is known around it, and what came of it.

While a post is looked for there is a row of `posts` of the kind `probe`, with the ids of all copies that
were made. It ends when they are deleted.
"""

import json
import sqlite3
from dataclasses import dataclass

from sqlite_utils import Database

from core.pacing import Head, PacingPolicy, wait_of
from core.probe import GRACE_S, Found, NotThere, Untold, Verdict, shares_ids
from core.protocol import Owner, Place
from store import chats, doubts, queue
from store.outbox.claiming import DOUBT_BLOCKS_MS, frozen_until_ms
from store.processes import is_dead, parameters

_LEAST_TIME_MS = 60_000
_IN_FLIGHT = 200
"""Posts that were begun before another one may have got ids after it: no more than so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """A post to look for, and where its copies go.

    Attributes:
        probe_id: the row of `posts` of this search.
        place: where copies are made.
        place_after: the highest id known there when the search began.
        copies: those of an earlier try.
        queue_id: the row of the outbox, None where only copies are to be found.
        post_id: the post, a row of `posts`.
        chat_id: where it may be.
        chat_type: of that chat.
        fingerprint: of the post.
        after: the highest id known there before it was sent.
        until_ms: then the doubt is to be settled by other means.
    """

    probe_id: int
    place: Place
    place_after: int
    copies: tuple[int, ...] = ()
    queue_id: int | None = None
    post_id: int
    chat_id: int
    chat_type: str
    fingerprint: str
    after: int
    until_ms: int = 0


def next_doubt(
    db: Database, *, owner: Owner, place: tuple[int, int], shared_id: int = 0, now_ms: int
) -> Hunt | int | None:
    """Begin to look for the post that has been in doubt the longest.

    Args:
        db: the writer's connection.
        owner: who looks.
        place: chat and topic for copies.
        shared_id: the highest id seen in any private chat or basic group.
        now_ms: wall clock.

    Returns:
        What to look for; or when the next post can be looked for (epoch milliseconds); or None.
    """
    row = db.execute(
        """SELECT posts.*, queue.id AS queue_id, queue.state_ms, chats.type,
            COALESCE(posts.ended_ms, posts.started_ms) AS doubtful_ms
        FROM queue
        JOIN posts ON posts.id = queue.post_id JOIN chats ON chats.chat_id = posts.chat_id
        WHERE queue.state = 'uncertain' AND queue.reason IS NULL
        ORDER BY doubtful_ms, queue.position LIMIT 1"""
    ).fetchone()
    if row is None:
        return None
    due_ms: int = row["doubtful_ms"] + round(GRACE_S * 1000)
    if row["doubtful_ms"] <= now_ms < due_ms:
        return due_ms
    chats.ensure(db, place[0])
    place_after = chats.highest_id(db, place[0], shared_id=shared_id)
    probe = db.execute(
        """INSERT INTO posts
            (kind, chat_id, topic_id, fingerprint, known_before, owner, started_ms, of_post_id)
        VALUES ('probe', ?, ?, ?, ?, ?, ?, ?) RETURNING *""",
        (*place, row["fingerprint"], place_after, str(owner), now_ms, row["id"]),
    ).fetchone()
    until_ms = max(row["state_ms"] + DOUBT_BLOCKS_MS, now_ms + _LEAST_TIME_MS)
    return _hunt(probe, row, queue_id=row["queue_id"], until_ms=until_ms)


def begin_anew(db: Database, *, now_ms: int) -> None:
    """Give posts in doubt their time again: while the program was away nobody could look for them."""
    db.execute(
        "UPDATE queue SET state_ms = ? WHERE state = 'uncertain' AND reason IS NULL AND state_ms < ?",
        (now_ms, now_ms),
    )


def left_over(db: Database, *, owner: Owner) -> list[Hunt]:
    """Take over the searches that dead owners have not ended: their copies may be lying around."""
    rows = db.execute(
        f"""UPDATE posts SET owner = :me WHERE kind = 'probe' AND ended_ms IS NULL AND {is_dead("owner")}
        RETURNING *""",
        parameters(owner),
    ).fetchall()
    return [_hunt(row, _sought(db, row["of_post_id"])) for row in rows]


def known_ids(db: Database, chat_id: int, *, after: int, since_post: int) -> set[int]:
    """Return ids behind `after` that are known to be other messages of this chat, or of those it counts with.

    `since_post` is the row of `posts` from whose time on that matters.
    """
    shared = shares_ids(chats.type_of(db, chat_id))
    rows = db.execute(
        """SELECT value FROM posts, json_each(posts.message_ids)
        WHERE posts.id > :since AND value > :after AND (posts.chat_id = :chat_id OR :shared
            AND (SELECT type FROM chats WHERE chats.chat_id = posts.chat_id) IN ('private', 'group'))
        UNION SELECT message_id FROM notices
        WHERE message_id > :after AND (notices.chat_id = :chat_id OR :shared
            AND (SELECT type FROM chats WHERE chats.chat_id = notices.chat_id) IN ('private', 'group'))""",
        {"chat_id": chat_id, "after": after, "since": since_post - _IN_FLIGHT, "shared": shared},
    ).fetchall()
    return {row[0] for row in rows}


def surroundings(db: Database, chat_id: int, *, shared_id: int) -> tuple[str, int]:
    """Return the type of a chat, and the highest id known there or among those that it counts with."""
    return chats.type_of(db, chat_id), chats.highest_id(db, chat_id, shared_id=shared_id)


def stray_fingerprints(db: Database, hunt: Hunt) -> set[str]:
    """Return the fingerprints of posts in the chat of a search that nothing in the place of copies may have.

    Posts begun before the one that is looked for are among them where they may lie behind it: their own
    doubt has not ended, or only now. A post in doubt whose chat is that very place, or that looks like one,
    is no copy.
    """
    rows = db.execute(
        """SELECT fingerprint FROM posts WHERE chat_id = :chat_id AND kind <> 'probe'
        AND (id >= :post OR id >= :post - :in_flight AND (message_ids = '[]'
            OR EXISTS (SELECT 1 FROM json_each(message_ids) WHERE value > :after)))
        EXCEPT SELECT fingerprint FROM posts
        WHERE chat_id = :place AND kind <> 'probe' AND message_ids = '[]'""",
        {
            "chat_id": hunt.chat_id,
            "post": hunt.post_id,
            "in_flight": _IN_FLIGHT,
            "after": hunt.after,
            "place": hunt.place.chat_id,
        },
    ).fetchall()
    return {row[0] for row in rows}


def free_at_ms(db: Database, chat_id: int, *, pacing: PacingPolicy, now_ms: int) -> int:
    """Return when a copy may be made in a chat: now, or after a flood wait and the gap between messages.

    A flood wait does not widen that gap here: a doubt must be settled before its time is up.
    """
    row = db.execute("SELECT * FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
    everywhere_ms = frozen_until_ms(db, now_ms) or now_ms
    if row is None:
        return everywhere_ms
    head = Head(
        not_before_ms=0,
        waits_from_ms=0,
        last_send_ms=row["last_send_ms"],
        flood_from_ms=row["flood_from_ms"],
        flood_until_ms=row["flood_until_ms"],
    )
    wait = wait_of(head, gap_ms=pacing.gap_ms(row["type"]), now_ms=now_ms)
    return max(everywhere_ms, wait.until_ms)


def note_copy(db: Database, hunt: Hunt, copy_id: int, *, now_ms: int) -> None:
    """Remember a copy that was made, so that it is deleted whatever happens."""
    db.execute(
        "UPDATE posts SET message_ids = json_insert(message_ids, '$[#]', ?) WHERE id = ?",
        (copy_id, hunt.probe_id),
    )
    chats.note_message(db, hunt.place.chat_id, copy_id)
    db.execute("UPDATE chats SET last_send_ms = ? WHERE chat_id = ?", (now_ms, hunt.place.chat_id))


def end(db: Database, hunt: Hunt, *, now_ms: int) -> None:
    """All copies of a search are deleted."""
    db.execute("UPDATE posts SET ended_ms = ?, outcome = 'deleted' WHERE id = ?", (now_ms, hunt.probe_id))


def settle(db: Database, hunt: Hunt, verdict: Verdict, *, now_ms: int) -> bool:
    """Record what a search has found; return whether that changed anything.

    A post that is found is sent, also where a person was asked about it meanwhile. One that is not there
    goes out in its turn. Where looking does not tell, ON_UNCERTAIN decides (`doubts.settle`). The links of a
    digest share what is found.
    """
    if hunt.queue_id is None:
        return False
    rows = db.execute(
        """SELECT * FROM queue WHERE post_id = ?
        AND (state = 'uncertain' OR (state = 'held' AND reason = 'uncertain')) ORDER BY position""",
        (hunt.post_id,),
    ).fetchall()
    changed = [_settle(db, row, verdict, now_ms) for row in rows]
    return any(changed)


def _settle(db: Database, row: sqlite3.Row, verdict: Verdict, now_ms: int) -> bool:
    match verdict:
        case Found(message_id):
            _found(db, row, message_id, now_ms)
        case NotThere() if row["state"] == "uncertain":
            db.execute("UPDATE posts SET outcome = 'absent' WHERE id = ?", (row["post_id"],))
            db.execute(
                """UPDATE queue SET state = 'pending', reason = NULL, state_ms = ?, not_before_ms = 0
                WHERE id = ?""",
                (now_ms, row["id"]),
            )
            queue.hold_out_of_reach(db)
        case Untold(reason) if row["state"] == "uncertain":
            db.execute("UPDATE queue SET reason = ? WHERE id = ?", (reason, row["id"]))
        case _:
            return False
    return True


def _found(db: Database, row: sqlite3.Row, message_id: int, now_ms: int) -> None:
    db.execute(
        """UPDATE posts SET outcome = 'found', message_ids = ?, ended_ms = ? WHERE id = ?""",
        (json.dumps([message_id]), now_ms, row["post_id"]),
    )
    db.execute(
        "UPDATE queue SET state = 'sent', reason = NULL, state_ms = ?, message_id = ? WHERE id = ?",
        (now_ms, message_id, row["id"]),
    )
    chats.note_message(db, row["chat_id"], message_id)
    if row["state"] == "held":
        doubts.withdraw(db, queue_id=row["id"], now_ms=now_ms)


def _hunt(probe: sqlite3.Row, sought: sqlite3.Row, *, queue_id: int | None = None, until_ms: int = 0) -> Hunt:
    return Hunt(
        probe_id=probe["id"],
        place=Place(chat_id=probe["chat_id"], topic_id=probe["topic_id"]),
        place_after=probe["known_before"],
        copies=tuple(json.loads(probe["message_ids"])),
        queue_id=queue_id,
        post_id=sought["id"],
        chat_id=sought["chat_id"],
        chat_type=sought["type"],
        fingerprint=sought["fingerprint"],
        after=sought["known_before"],
        until_ms=until_ms,
    )


def _sought(db: Database, post_id: int) -> sqlite3.Row:
    row: sqlite3.Row = db.execute(
        "SELECT posts.*, chats.type FROM posts JOIN chats USING (chat_id) WHERE posts.id = ?", (post_id,)
    ).fetchone()
    return row
