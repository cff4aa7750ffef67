"""Commands that somebody posts in a channel: owners are told, once an hour for each channel."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

from store import notices, people

_HOUR_MS = 3_600_000


def is_known(db: Database, chat_id: int) -> bool:
    """Return whether the bot has anything to do with a chat."""
    return db.execute("SELECT 1 FROM chats WHERE chat_id = ?", (chat_id,)).fetchone() is not None


def tell(
    db: Database,
    owner_ids: Sequence[int],
    *,
    chat_id: int,
    chat: str,
    where: str,
    command: str,
    deleted: bool,
    now_ms: int,
) -> None:
    """Tell every owner in private which command stood in a channel, unless they were told within an hour.

    `chat` is the title of the channel, `where` how a command names it, `deleted` whether the post is gone.
    """
    key = f"channel:{chat_id}"
    args = {"command": command, "chat": chat, "where": where, "deleted": deleted, "at_ms": now_ms}
    for owner in people.owners(db, owner_ids):
        if not _told_lately(db, owner, key, now_ms):
            notices.post_anew(db, place=(owner, 0), key=key, code="channel.command", args=args, now_ms=now_ms)


def _told_lately(db: Database, owner: int, key: str, now_ms: int) -> bool:
    """Return whether that was less than an hour ago; a moment to come is of a clock that was wrong."""
    row = db.execute("SELECT args FROM notices WHERE chat_id = ? AND dedupe_key = ?", (owner, key)).fetchone()
    return row is not None and 0 <= now_ms - int(json.loads(row["args"])["at_ms"]) < _HOUR_MS
