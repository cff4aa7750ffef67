"""Changes of messages that are in their chats: rows that are carried out until Telegram answers.

An edit and a deletion may be repeated without harm, so after a crash or a lost answer they are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlite_utils import Database

from core.languages import speaking
from core.rendering.amended import sold_out
from store import conversations, languages, notices, sent_posts
from store.conversations import Asked
from store.sent_posts import SentPost

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
"""UTF-16 units (https://core.telegram.org/bots/api#editmessagetext, #editmessagecaption)."""
_ATTEMPTS_LIMIT = 20

Kind = Literal["edit", "sold", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who wants a change, and when (epoch milliseconds)."""

    user_id: int
    name: str
    now_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A change that has yet to be made: what the message shall say, or that it shall go."""

    amendment_id: int
    kind: Kind
    chat_id: int
    message_id: int
    text: str
    photo: bool
    entities: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[list[dict[str, Any]]] = field(default_factory=list)
    preview: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done with a post by hand, as its card tells it."""

    kind: Kind
    state: str
    reason: str | None
    name: str
    at_ms: int


def delete(db: Database, queue_id: int, by: By) -> str:
    """Have a message deleted; its row stays, so that the link is not posted again. Returns a code."""
    post = sent_posts.get(db, queue_id)
    if post is None or post.erased:
        return "sent_gone"
    db.execute(
        """INSERT INTO shown_posts (queue_id, text, erased)
        SELECT id, '', 1 FROM queue WHERE post_id = (SELECT post_id FROM queue WHERE id = :id) OR id = :id
        ON CONFLICT (queue_id) DO UPDATE SET erased = 1""",
        {"id": queue_id},
    )
    # What has not been carried out yet need not be.
    db.execute(
        """UPDATE amendments SET state = 'failed', reason = 'deleted'
        WHERE queue_id = ? AND state = 'pending'""",
        (queue_id,),
    )
    _add(db, post, "delete", by)
    return "sent_deleting"


def sell_out(db: Database, queue_id: int, by: By, *, language: str = "en") -> str:
    """Have a message say that its thing is sold out; the first one to say so is heard. Returns a code.

    It says so in the language of its chat; in `language`, where none was chosen for that.
    """
    post = sent_posts.get(db, queue_id)
    refused = why_not(post)
    if refused is not None or post is None or post.text is None:
        return refused or "sent_unknown"
    if post.sold:
        return "sent_sold_before"
    limit = CAPTION_LIMIT if post.photo else TEXT_LIMIT
    with speaking(languages.of_place(db, post.chat_id) or language):
        made = sold_out(post.text, post.entities, title=post.title, limit=limit)
    if made is None:
        return "sent_no_room"
    _say(db, post, *made, sold=True)
    _add(db, post, "sold", by, text=made[0], entities=made[1])
    return "sent_changing"


def edit(
    db: Database,
    asked: Asked,
    by: By,
    *,
    message_id: int,
    text: str,
    entities: Sequence[Mapping[str, object]],
) -> str | None:
    """Have a message say what somebody wrote (`message_id`) for an answer; return why not. Safe to repeat.

    `text` and `entities` are as Telegram takes them.
    """
    post = sent_posts.get(db, asked.subject)
    refused = why_not(post)
    if refused is not None or post is None:
        return refused
    if asked.answered or conversations.asked(db, by.user_id) != asked:
        return None
    conversations.answered(db, by.user_id, message_id=message_id)
    _say(db, post, text, entities, sold=False)
    _add(db, post, "edit", by, text=text, entities=entities)
    return None


def why_not(post: SentPost | None) -> str | None:
    """Return why what a post says cannot be changed, as a code; None where it can be."""
    if post is None or post.erased:
        return "sent_gone"
    if post.links > 1:
        return "sent_digest"
    return "sent_unknown" if post.text is None else None


def _say(
    db: Database, post: SentPost, text: str, entities: Sequence[Mapping[str, object]], *, sold: bool
) -> None:
    db.execute(
        "UPDATE shown_posts SET text = ?, entities = ?, sold = ? WHERE queue_id = ?",
        (text, json.dumps(list(entities)), sold, post.queue_id),
    )


def _add(
    db: Database,
    post: SentPost,
    kind: Kind,
    by: By,
    *,
    text: str = "",
    entities: Sequence[Mapping[str, object]] = (),
) -> None:
    db.execute(
        """INSERT INTO amendments (queue_id, kind, text, entities, user_id, name, at_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (post.queue_id, kind, text, json.dumps(list(entities)), by.user_id, by.name, by.now_ms),
    )
    db.execute(
        "INSERT INTO audit (at_ms, user_id, chat_id, action, args) VALUES (?, ?, ?, ?, ?)",
        (by.now_ms, by.user_id, post.chat_id, f"post.{kind}", json.dumps({"queue_id": post.queue_id})),
    )


def waiting(db: Database, *, now_ms: int) -> Amendment | None:
    """Return the change to be made now; flood waits hold it, and so do earlier ones of its post."""
    row = db.execute(
        """SELECT amendments.*, COALESCE(posts.chat_id, queue.chat_id) AS chat_id, queue.message_id,
            shown_posts.photo, shown_posts.buttons, shown_posts.preview
        FROM amendments CROSS JOIN queue ON queue.id = amendments.queue_id
        LEFT JOIN posts ON posts.id = queue.post_id
        LEFT JOIN shown_posts ON shown_posts.queue_id = amendments.queue_id
        LEFT JOIN chats ON chats.chat_id = queue.chat_id
        WHERE amendments.state = 'pending'
        AND NOT (amendments.waits_from_ms <= :now AND :now < amendments.not_before_ms)
        AND NOT (COALESCE(flood_from_ms, 0) <= :now AND :now < COALESCE(flood_until_ms, 0))
        AND NOT EXISTS (SELECT 1 FROM amendments AS earlier WHERE earlier.state = 'pending'
            AND earlier.queue_id = amendments.queue_id AND earlier.id < amendments.id)
        ORDER BY amendments.id LIMIT 1""",
        {"now": now_ms},
    ).fetchone()
    if row is None:
        return None
    return Amendment(
        amendment_id=row["id"],
        kind=row["kind"],
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        text=row["text"],
        photo=bool(row["photo"]),
        entities=json.loads(row["entities"]),
        buttons=json.loads(row["buttons"] or "[]"),
        preview=json.loads(row["preview"] or "null"),
    )


def is_any_pending(db: Database) -> bool:
    """Return whether a change waits to be made, be it later."""
    return db.execute("SELECT 1 FROM amendments WHERE state = 'pending' LIMIT 1").fetchone() is not None


def made(db: Database, amendment_id: int) -> None:
    """A change has been made."""
    db.execute("UPDATE amendments SET state = 'done' WHERE id = ? AND state = 'pending'", (amendment_id,))


def postponed(db: Database, amendment_id: int, *, wait_s: float, error: str, now_ms: int) -> None:
    """A change was not made, or nobody knows: it is tried again after a while, and given up in the end."""
    db.execute(
        """UPDATE amendments SET attempts = attempts + 1, waits_from_ms = ?, not_before_ms = ?
        WHERE id = ? AND state = 'pending'""",
        (now_ms, now_ms + round(wait_s * 1000), amendment_id),
    )
    row = db.execute("SELECT attempts FROM amendments WHERE id = ?", (amendment_id,)).fetchone()
    if row["attempts"] >= _ATTEMPTS_LIMIT:
        refused(db, amendment_id, error=error, now_ms=now_ms)


def refused(db: Database, amendment_id: int, *, error: str, now_ms: int) -> None:
    """Telegram makes no such change: whoever wanted it is told, and may try again."""
    row = db.execute(
        """UPDATE amendments SET state = 'failed', reason = ? WHERE id = ? AND state = 'pending'
        RETURNING queue_id, kind, user_id""",
        (error, amendment_id),
    ).fetchone()
    if row is None:
        return
    # What the message says is not known here any more: it has to be shown again.
    db.execute(
        """DELETE FROM shown_posts WHERE queue_id IN (SELECT other.id FROM queue AS mine
            JOIN queue AS other ON other.id = mine.id OR other.post_id = mine.post_id WHERE mine.id = ?)""",
        (row["queue_id"],),
    )
    post = sent_posts.get(db, row["queue_id"])
    notices.post(
        db,
        place=(row["user_id"], 0),
        key=f"amendment:{amendment_id}",
        code="amendment.refused",
        args={"kind": row["kind"], "error": error, "title": post.title if post else ""},
        now_ms=now_ms,
    )


def done_with(db: Database, queue_id: int) -> list[Done]:
    """Return what was done with a post by hand, in its order."""
    rows = db.execute(
        "SELECT kind, state, reason, name, at_ms FROM amendments WHERE queue_id = ? ORDER BY id", (queue_id,)
    ).fetchall()
    return [Done(**dict(row)) for row in rows]
