"""What a chat's new subscriptions begin with, and how it takes links that come without a command."""

import json

from sqlite_utils import Database

from core.chat_defaults import Changes, Value
from core.errors import UserError
from core.filters.parsing import parse_rules
from store import chats, filters, languages, templates

_COLUMNS = {
    "every": "interval_s",
    "silent": "silent",
    "preview": "preview",
    "media": "media",
    "tags": "tags",
    "pages": "pages",
    "approve": "approve",
    "expire": "expire_s",
}
"""What is written into a new subscription."""


_OF_ALL_POSTS = ("template", "filter")
"""What holds for all posts of the chat, and not only for what is new."""

_OF_THE_CHAT = ("language", *_OF_ALL_POSTS)
"""What is kept in a place of its own."""


def of(db: Database, chat_id: int) -> dict[str, Value]:
    """Return what is set for a chat, by key."""
    row = db.execute(
        """SELECT json_extract(options, '$.defaults') AS defaults, once, language,
            json_extract(options, '$.template') AS template, json_extract(options, '$.filter') AS filter
        FROM chats WHERE chat_id = ?""",
        (chat_id,),
    ).fetchone()
    if row is None:
        return {}
    found: dict[str, Value] = json.loads(row["defaults"] or "{}")
    of_all = {name: row[name] for name in _OF_THE_CHAT if row[name]}
    return found | of_all | ({"once": "topic"} if row["once"] == "topic" else {})


def topic_of(db: Database, chat_id: int) -> int:
    """Return the topic to which new subscriptions of a chat post where none was named; 0 is General."""
    return int(str(of(db, chat_id).get("topic", 0)))


def change(db: Database, *, chat_id: int, changes: Changes) -> dict[str, Value]:
    """Set defaults of a chat, None meaning "as if never set"; return what is set now.

    Raises:
        UserError: `once` cannot change any more; nothing has changed then.
    """
    chats.ensure(db, chat_id)
    values = of(db, chat_id)
    once = values.pop("once", "chat")
    for name in _OF_THE_CHAT:
        values.pop(name, None)
    for key, value in changes:
        if key == "once":
            _set_once(db, chat_id, str(value or "chat"), present=str(once))
        elif key == "language":
            languages.choose(db, chat_id, None if value is None else str(value))
        elif key == "template":
            templates.set_template(
                db, chat_id=chat_id, number=None, template=None if value is None else str(value)
            )
        elif key == "filter":
            filters.replace(db, chat_id=chat_id, number=None, rules=parse_rules(str(value)) if value else ())
        elif value is None:
            values.pop(key, None)
        else:
            values[key] = value
    db.execute(
        "UPDATE chats SET options = json_set(options, '$.defaults', json(?)) WHERE chat_id = ?",
        (json.dumps(values), chat_id),
    )
    return of(db, chat_id)


def begin_with(db: Database, *, chat_id: int, subscription_id: int, exact_interval: bool) -> None:
    """Write a chat's defaults into a subscription that is new; an interval that was asked for stays."""
    for key, value in of(db, chat_id).items():
        if key in _COLUMNS and not (key == "every" and exact_interval):
            db.execute(f"UPDATE subscriptions SET {_COLUMNS[key]} = ? WHERE id = ?", (value, subscription_id))


def _set_once(db: Database, chat_id: int, once: str, *, present: str) -> None:
    """Links are told apart by place, so what is a place may change only while there are no links."""
    used = db.execute("SELECT 1 FROM queue WHERE chat_id = ? LIMIT 1", (chat_id,)).fetchone()
    if once != present and used is not None:
        raise UserError("once: links were posted or queued here already, so this cannot change any more.")
    db.execute("UPDATE chats SET once = ? WHERE chat_id = ?", (once, chat_id))
