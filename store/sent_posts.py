"""Posts that are in their chats: which one a person shows us, and what it says there."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from store.finding import Scope

_LATEST_POSTS = 20_000
_COLUMNS = "queue.id, queue.chat_id, queue.post_id, queue.state_ms"
_ALLOWED = "(:all OR queue.chat_id IN (SELECT value FROM json_each(:chats)))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of the bot, as somebody shows it: its words, and where it stood, if that is told.

    Attributes:
        text: text, or the caption of a photo.
        entities: formatting as the Bot API has it; so are `buttons` and `preview`.
        keys: normalized addresses of its links.
        fingerprint: of text and links (`core.rendering.fingerprint`).
        origin: id of the channel that it came from, and its own; elsewhere Telegram does not tell.
        at_ms: when it was sent, epoch milliseconds.
    """

    text: str
    entities: Sequence[Mapping[str, object]] = ()
    buttons: Sequence[object] = ()
    preview: Mapping[str, object] | None = None
    photo: bool = False
    keys: tuple[str, ...] = ()
    fingerprint: str = ""
    origin: tuple[int, int] | None = None
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPost:
    """A post that is, or was, in a chat."""

    queue_id: int
    chat_id: int
    message_chat_id: int
    """Where its message is: a group has had another id, perhaps."""
    message_id: int
    history_id: int
    subscription_id: int | None
    topic_id: int
    key: str
    url: str
    title: str
    links: int
    """So many links share the message."""
    text: str | None
    """What it says, if somebody has shown it to us."""
    entities: list[dict[str, Any]] = field(default_factory=list)
    photo: bool = False
    sold: bool = False
    erased: bool = False


def find(db: Database, shown: Shown, scope: Scope) -> int | None:
    """Return the row of the outbox that a message is of, among the chats of a scope; None: of none.

    By its id where Telegram tells it, else by its links, or by text and links together where rules of the
    chat have changed the links; of several posts of a link the one that was sent at that moment.
    """
    values: dict[str, object] = {"all": scope is None, "chats": json.dumps(scope or ())}
    if shown.origin is not None:
        rows = _select(
            db,
            "queue.chat_id = :chat AND queue.message_id = :message",
            {**values, "chat": shown.origin[0], "message": shown.origin[1]},
        )
        return min((row["id"] for row in rows), default=None)
    rows = _select(
        db,
        """queue.message_id IS NOT NULL AND queue.history_id IN (
            SELECT COALESCE(merged_into, id) FROM history
            WHERE normalized_url IN (SELECT value FROM json_each(:keys))
            UNION SELECT history_id FROM aliases
            WHERE normalized_url IN (SELECT value FROM json_each(:keys)))""",
        {**values, "keys": json.dumps(shown.keys)},
    ) or _select(
        db,
        f"""queue.post_id IN (SELECT id FROM posts
            WHERE id > (SELECT MAX(id) FROM posts) - {_LATEST_POSTS} AND fingerprint = :print)""",
        {**values, "print": shown.fingerprint},
    )
    nearest = min(rows, key=lambda row: (abs(row["state_ms"] - shown.at_ms), row["id"]), default=None)
    return None if nearest is None else int(nearest["id"])


def _select(db: Database, condition: str, values: dict[str, object]) -> list[sqlite3.Row]:
    return db.execute(
        f"SELECT {_COLUMNS} FROM queue WHERE {condition} AND state = 'sent' AND {_ALLOWED}", values
    ).fetchall()


def get(db: Database, queue_id: int) -> SentPost | None:
    """Return a post that was sent; None where the row is none."""
    row = db.execute(
        """SELECT queue.*, posts.chat_id AS message_chat, normalized_url, url,
            COALESCE(NULLIF(title, ''), json_extract(page, '$.title'), '') AS title, shown.text AS shown,
            shown.entities, shown.photo, shown.sold, shown.erased,
            (SELECT COUNT(*) FROM queue AS other WHERE other.post_id = queue.post_id) AS links
        FROM queue JOIN history ON history.id = queue.history_id LEFT JOIN posts ON posts.id = queue.post_id
        LEFT JOIN shown_posts AS shown ON shown.queue_id = queue.id
        WHERE queue.id = ? AND queue.state = 'sent' AND queue.message_id IS NOT NULL""",
        (queue_id,),
    ).fetchone()
    if row is None:
        return None
    return SentPost(
        queue_id=row["id"],
        chat_id=row["chat_id"],
        message_chat_id=row["message_chat"] or row["chat_id"],
        message_id=row["message_id"],
        history_id=row["history_id"],
        subscription_id=row["subscription_id"],
        topic_id=row["topic_id"],
        key=row["normalized_url"],
        url=row["url"],
        title=row["title"],
        links=max(1, row["links"]),
        text=row["shown"],
        entities=json.loads(row["entities"] or "[]"),
        photo=bool(row["photo"]),
        sold=bool(row["sold"]),
        erased=bool(row["erased"]),
    )


def remember(db: Database, queue_id: int, shown: Shown) -> None:
    """Keep what a message says; what was changed here since it was sent is known better."""
    db.execute(
        """INSERT INTO shown_posts (queue_id, text, entities, buttons, preview, photo)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (queue_id) DO UPDATE SET text = excluded.text, entities = excluded.entities,
            buttons = excluded.buttons, preview = excluded.preview, photo = excluded.photo
        WHERE NOT EXISTS (SELECT 1 FROM amendments WHERE amendments.queue_id = shown_posts.queue_id)""",
        (
            queue_id,
            shown.text,
            json.dumps(list(shown.entities)),
            json.dumps(list(shown.buttons)),
            None if shown.preview is None else json.dumps(dict(shown.preview)),
            shown.photo,
        ),
    )
