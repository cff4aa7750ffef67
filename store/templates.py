"""How the posts of a chat, or of one subscription, look: templates kept, proposed, and found wanting."""

from hashlib import sha256

from sqlite_utils import Database

from core.errors import UserError
from core.protocol import Delivery, PostContent
from core.urls.normalize import host_of
from store import chats, notices
from store.contents import COLUMNS, content_of


def template_of(db: Database, *, chat_id: int, number: int | None) -> str | None:
    """Return the template of a chat, or of what it watches under a number; None where none was set.

    Raises:
        UserError: nothing is watched under this number.
    """
    if number is None:
        row = db.execute(
            "SELECT json_extract(options, '$.template') FROM chats WHERE chat_id = ?", (chat_id,)
        ).fetchone()
        return None if row is None else row[0]
    row = db.execute(
        "SELECT template FROM subscriptions WHERE chat_id = ? AND number = ? AND state <> 'removed'",
        (chat_id, number),
    ).fetchone()
    if row is None:
        raise UserError("Nothing here has the number {number}. /list shows what is watched.", number=number)
    template: str | None = row["template"]
    return template


def set_template(db: Database, *, chat_id: int, number: int | None, template: str | None) -> None:
    """Set the template of a chat or of one subscription; None: as if never set.

    Raises:
        UserError: nothing is watched under this number.
    """
    if number is None:
        chats.ensure(db, chat_id)
        db.execute(
            """UPDATE chats SET options = CASE WHEN :template IS NULL
                THEN json_remove(options, '$.template') ELSE json_set(options, '$.template', :template) END
            WHERE chat_id = :chat""",
            {"chat": chat_id, "template": template},
        )
        return
    changed = db.execute(
        """UPDATE subscriptions SET template = ?
        WHERE chat_id = ? AND number = ? AND state <> 'removed'""",
        (template, chat_id, number),
    ).rowcount
    if not changed:
        raise UserError("Nothing here has the number {number}. /list shows what is watched.", number=number)


def sample(db: Database, *, chat_id: int, number: int | None) -> PostContent | None:
    """Return the last link wanted in a chat, or the newest of a source by its number; None without any."""
    if number is None:
        condition = """queue.id = (SELECT id FROM queue WHERE chat_id = :chat ORDER BY id DESC LIMIT 1)"""
        joined = """queue JOIN history ON history.id = queue.history_id
            LEFT JOIN subscriptions ON subscriptions.id = queue.subscription_id"""
    else:
        condition = """subscriptions.chat_id = :chat AND subscriptions.number = :number
            AND history.id = (SELECT history_id FROM sightings WHERE source_id = subscriptions.source_id
                ORDER BY history_id DESC LIMIT 1)"""
        joined = "subscriptions JOIN history"
    row = db.execute(
        f"""SELECT {COLUMNS}, chats.zone, NULL AS note, NOT (
                private_to IS NULL OR EXISTS (SELECT 1 FROM subscriptions AS seer
                    WHERE seer.id = private_to AND seer.chat_id = :chat)) AS hidden,
            COALESCE(subscriptions.title, sources.title, '') AS source_title
        FROM {joined} JOIN chats ON chats.chat_id = :chat
        LEFT JOIN sources ON sources.id = subscriptions.source_id
        WHERE {condition}""",
        {"chat": chat_id, "number": number},
    ).fetchone()
    return None if row is None else content_of(row)


def propose(
    db: Database,
    *,
    here: tuple[int, int],
    message_id: int,
    chat_id: int,
    number: int | None,
    template: str | None,
    now_ms: int,
) -> None:
    """Ask in a chat (id, topic) whether the template of a message shall hold; None: the default."""
    args = {"chat_id": chat_id, "number": number, "template": template, "message_id": message_id}
    notices.post(
        db, place=here, key=_key(here[0], message_id), code="template.question", args=args, now_ms=now_ms
    )


def proposed_for(db: Database, *, here: int, message_id: int) -> int | None:
    """Return the chat that a proposed template is for; None where nothing was proposed."""
    found = notices.argument(db, key=_key(here, message_id), name="chat_id")
    return int(str(found[1])) if found is not None and found[1] is not None else None


def settle(db: Database, *, here: int, message_id: int, verdict: str, now_ms: int) -> bool:
    """Save or drop what was proposed; False where that was done before. Safe to repeat.

    Raises:
        UserError: what it was for is watched no more.
    """
    key = _key(here, message_id)
    row = db.execute(
        """SELECT args ->> 'chat_id' AS chat_id, args ->> 'number' AS number, args ->> 'template' AS template
        FROM notices WHERE chat_id = ? AND dedupe_key = ? AND code = 'template.question'""",
        (here, key),
    ).fetchone()
    if row is None:
        return False
    if verdict == "save":
        set_template(db, chat_id=row["chat_id"], number=row["number"], template=row["template"])
    notices.change(
        db, key=key, only_from="template.question", code=f"template.{verdict}", args={}, now_ms=now_ms
    )
    return True


def report_failure(
    db: Database, delivery: Delivery, *, problem: str, alert: tuple[int, int] | None, now_ms: int
) -> bool:
    """Tell the owner, once for each chat and template, that a post went out with the default look."""
    if alert is None or delivery.template is None:
        return False
    chat = delivery.place.chat_id
    row = db.execute("SELECT title FROM chats WHERE chat_id = ?", (chat,)).fetchone()
    digest = sha256(delivery.template.encode("utf-8", "replace")).hexdigest()[:16]
    notices.post_once(
        db,
        place=alert,
        key=f"template_failed:{chat}:{digest}",
        code="template.failed",
        args={
            "chat": (row and row["title"]) or str(chat),
            "title": delivery.content.title,
            "host": host_of(delivery.content.url),
            "problem": problem,
        },
        now_ms=now_ms,
    )
    return True


def _key(here: int, message_id: int) -> str:
    return f"template:{here}:{message_id}"
