"""Cards, questions and answers: rows that are spoken once, and edited in place when they change."""

import json
from collections.abc import Mapping

from sqlite_utils import Database

from core.protocol import Notice
from store import floods

_ATTEMPTS_LIMIT = 20
_INSERT = """INSERT INTO notices (chat_id, topic_id, dedupe_key, code, args, created_ms)
    VALUES (?, ?, ?, ?, ?, ?)"""


def post(
    db: Database,
    *,
    place: tuple[int, int],
    key: str,
    code: str,
    args: Mapping[str, object],
    now_ms: int,
) -> None:
    """Say something in a chat (id, topic); with a key that was used there before, edit what was said."""
    db.execute(
        f"""{_INSERT} ON CONFLICT (chat_id, dedupe_key) DO UPDATE SET
            code = excluded.code, args = excluded.args, state = 'pending', version = version + 1,
            attempts = 0, not_before_ms = 0""",
        (*place, key, code, json.dumps(args), now_ms),
    )


def post_anew(
    db: Database,
    *,
    place: tuple[int, int],
    key: str,
    code: str,
    args: Mapping[str, object],
    now_ms: int,
) -> None:
    """As `post`, but as a new message even where the key was used before."""
    post(db, place=place, key=key, code=code, args=args, now_ms=now_ms)
    db.execute("UPDATE notices SET message_id = NULL WHERE chat_id = ? AND dedupe_key = ?", (place[0], key))


def post_once(
    db: Database,
    *,
    place: tuple[int, int],
    key: str,
    code: str,
    args: Mapping[str, object],
    now_ms: int,
) -> None:
    """Say something in a chat, unless something was ever said there with this key."""
    db.execute(
        f"{_INSERT} ON CONFLICT (chat_id, dedupe_key) DO NOTHING",
        (*place, key, code, json.dumps(args), now_ms),
    )


def keep(
    db: Database,
    *,
    place: tuple[int, int],
    key: str,
    code: str,
    args: Mapping[str, object],
    closed: str,
    now_ms: int,
) -> int:
    """Say something that lasts: nothing while it stays the same, an edit when it changes.

    After a notice with the code `closed` it is said as a new message. Returns how many notices changed.
    """
    row = db.execute(
        "SELECT code, args FROM notices WHERE chat_id = ? AND dedupe_key = ?", (place[0], key)
    ).fetchone()
    if row is not None and (row["code"], row["args"]) == (code, json.dumps(args)):
        return 0
    say = post_anew if row is None or row["code"] == closed else post
    say(db, place=place, key=key, code=code, args=args, now_ms=now_ms)
    return 1


def change(
    db: Database,
    *,
    key: str,
    only_from: str | tuple[str, ...],
    code: str,
    args: Mapping[str, object],
    now_ms: int,
    not_before_ms: int = 0,
) -> int:
    """Change what a notice says, wherever one with this key and a code that starts so exists.

    Its arguments stay where no new ones are given.
    """
    beginnings = (only_from,) if isinstance(only_from, str) else only_from
    return db.execute(
        """UPDATE notices SET code = ?, args = json_patch(args, ?), state = 'pending', version = version + 1,
            attempts = 0, waits_from_ms = ?, not_before_ms = ?
        WHERE dedupe_key = ?
        AND EXISTS (SELECT 1 FROM json_each(?) WHERE substr(code, 1, length(value)) = value)""",
        (code, json.dumps(args), now_ms, not_before_ms, key, json.dumps(beginnings)),
    ).rowcount


def rename(db: Database, *, old: str, new: str) -> None:
    """Go on with a notice under another key; what had that key in its chat is spoken of no more."""
    db.execute(
        """DELETE FROM notices WHERE dedupe_key = ?
        AND chat_id IN (SELECT chat_id FROM notices WHERE dedupe_key = ?)""",
        (new, old),
    )
    db.execute("UPDATE notices SET dedupe_key = ? WHERE dedupe_key = ?", (new, old))


def argument(db: Database, *, key: str, name: str) -> tuple[int, object] | None:
    """Return the chat of a notice and one of its arguments, or None where there is no such notice."""
    row = db.execute(
        "SELECT chat_id, json_extract(args, '$.' || ?) AS value FROM notices WHERE dedupe_key = ?",
        (name, key),
    ).fetchone()
    return None if row is None else (row["chat_id"], row["value"])


def waiting(db: Database, *, limit: int, now_ms: int) -> list[Notice]:
    """Return notices to be spoken or edited now, oldest first; a chat's flood wait holds them too."""
    rows = db.execute(
        """SELECT notices.* FROM notices LEFT JOIN chats USING (chat_id) WHERE notices.state = 'pending'
        AND NOT (waits_from_ms <= :now AND :now < not_before_ms)
        AND NOT (COALESCE(flood_from_ms, 0) <= :now AND :now < COALESCE(flood_until_ms, 0))
        ORDER BY notices.id LIMIT :limit""",
        {"now": now_ms, "limit": limit},
    ).fetchall()
    return [
        Notice(
            notice_id=row["id"],
            chat_id=row["chat_id"],
            topic_id=row["topic_id"],
            code=row["code"],
            args=json.loads(row["args"]),
            message_id=row["message_id"],
            version=row["version"],
        )
        for row in rows
    ]


def may_speak(db: Database, notice: Notice, *, now_ms: int) -> bool:
    """Return whether the chat of a notice is not in a flood wait now."""
    return floods.until_ms(db, notice.chat_id, now_ms=now_ms) <= now_ms


def is_any_pending(db: Database) -> bool:
    """Return whether something waits to be said, be it later."""
    return db.execute("SELECT 1 FROM notices WHERE state = 'pending' LIMIT 1").fetchone() is not None


def spoken(db: Database, notice: Notice, *, message_id: int) -> None:
    """A notice was said; one that changed meanwhile stays pending, to be edited."""
    db.execute(
        """UPDATE notices SET message_id = :message_id,
            state = CASE WHEN version = :version THEN 'spoken' ELSE state END
        WHERE id = :id""",
        {"message_id": message_id, "version": notice.version, "id": notice.notice_id},
    )


def unspoken(db: Database, notice: Notice, *, wait_s: float, final: bool, now_ms: int) -> None:
    """A notice could not be said: it is tried again after a while, or given up."""
    db.execute(
        """UPDATE notices SET attempts = attempts + 1, waits_from_ms = :now,
            not_before_ms = :until,
            state = CASE WHEN :final OR attempts + 1 >= :limit THEN 'failed' ELSE state END
        WHERE id = :id""",
        {
            "now": now_ms,
            "until": now_ms + round(wait_s * 1000),
            "final": final,
            "limit": _ATTEMPTS_LIMIT,
            "id": notice.notice_id,
        },
    )
