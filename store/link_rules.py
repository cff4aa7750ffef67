"""What each chat does with the links it publishes, and what was published under which token."""

from dataclasses import dataclass

from sqlite_utils import Database

from core.link_rules import LinkRules, changed, marks, read_stored, stored
from store import chats, queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Advert:
    """One published link that carried a token, or stood in a chat that marks its posts."""

    at_ms: int
    chat_id: int
    message_id: int
    link: str
    erid: str


def of_chat(db: Database, chat_id: int) -> LinkRules:
    """Return a chat's rules; those of an unknown chat are none."""
    row = db.execute("SELECT link_rules FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
    return LinkRules() if row is None else read_stored(row["link_rules"])


def change(db: Database, *, chat_id: int, text: str, now_ms: int) -> LinkRules:
    """Change a chat's rules as `core.link_rules.changed` reads it; links that lacked a token look again.

    Raises:
        UserError: it is no change.
    """
    chats.ensure(db, chat_id)
    rules = changed(of_chat(db, chat_id), text)
    db.execute("UPDATE chats SET link_rules = ? WHERE chat_id = ?", (stored(rules), chat_id))
    queue.release(db, "chat_id = ? AND reason = 'no_erid'", (chat_id,), now_ms)
    return rules


def remove(db: Database, *, chat_id: int, mark: str, now_ms: int) -> bool:
    """Take away the rule with a mark (`core.link_rules.marks`); False where there is none by now."""
    rules = of_chat(db, chat_id)
    found = marks(rules).get(mark)
    if found is None:
        return False
    place = next((place for place, rule in enumerate(rules.rules, 1) if str(rule) == found), None)
    change(db, chat_id=chat_id, text="ad" if place is None else f"remove {place}", now_ms=now_ms)
    return True


def adverts(db: Database, *, since_ms: int, before_ms: int) -> list[Advert]:
    """Return what was published with a token from `since_ms` until before `before_ms`, in order."""
    rows = db.execute(
        """SELECT queue.state_ms, posts.chat_id, queue.message_id, queue.link, queue.erid
        FROM queue JOIN posts ON posts.id = queue.post_id
        WHERE queue.state = 'sent' AND queue.erid IS NOT NULL AND queue.state_ms >= ? AND queue.state_ms < ?
        ORDER BY queue.state_ms, queue.id""",
        (since_ms, before_ms),
    ).fetchall()
    return [
        Advert(
            at_ms=row["state_ms"],
            chat_id=row["chat_id"],
            message_id=row["message_id"],
            link=row["link"],
            erid=row["erid"],
        )
        for row in rows
    ]
