"""Adding and removing sources of a place, as the chat and the command line ask for it."""

from dataclasses import dataclass

from sqlite_utils import Database

from core.protocol import Place
from store import chats, notices, sources, subscriptions
from store.subscriptions import Subscribed


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A source that somebody wants in a place."""

    place: Place
    kind: str
    url: str
    backlog: str
    rules: str = "{}"
    """How its kind reads it, as canonical JSON."""
    interval_s: float | None = None
    chat_type: str = ""
    chat_title: str = ""
    due_now: bool = False
    answer_in: tuple[int, int] | None = None
    """Chat and topic that hear how the first look at it went."""


def add(db: Database, wish: Wish, *, now_ms: int) -> Subscribed:
    """Subscribe a place to a source, both made if they are new. Safe to repeat."""
    chat_id = chats.current_id(db, wish.place.chat_id)
    chats.ensure(db, chat_id, chat_type=wish.chat_type, title=wish.chat_title)
    source_id = sources.upsert(db, kind=wish.kind, url=wish.url, rules=wish.rules, now_ms=now_ms)
    subscribed = subscriptions.subscribe(
        db,
        source_id=source_id,
        place=Place(chat_id=chat_id, topic_id=wish.place.topic_id),
        backlog=wish.backlog,
        interval_s=wish.interval_s,
        now_ms=now_ms,
    )
    if subscribed.created or wish.due_now:
        sources.make_due(db, source_id, now_ms=now_ms)
    if subscribed.created and wish.answer_in is not None:
        notices.post_anew(
            db,
            place=wish.answer_in,
            key=f"add:{subscribed.subscription_id}",
            code="add.looking",
            args={"url": wish.url},
            now_ms=now_ms,
        )
    return subscribed


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A subscription that has ended."""

    number: int
    title: str
    url: str


def remove(db: Database, *, chat_id: int, which: str, now_ms: int) -> list[Removed]:
    """End the subscriptions of a chat that a word means: a number, an address, or `all`."""
    rows = db.execute(
        """SELECT subscriptions.id, number, COALESCE(subscriptions.title, sources.title) AS title, url
        FROM subscriptions JOIN sources ON sources.id = source_id
        WHERE chat_id = ? AND subscriptions.state <> 'removed' ORDER BY number""",
        (chat_id,),
    ).fetchall()
    chosen = [row for row in rows if which in ("all", row["url"], str(row["number"]))]
    subscriptions.unsubscribe(db, [row["id"] for row in chosen], now_ms=now_ms)
    return [Removed(number=row["number"], title=row["title"], url=row["url"]) for row in chosen]
