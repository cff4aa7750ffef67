"""Daily receipts of chats that want them: what became of all that was seen, in one line."""

from collections.abc import Iterator

from sqlite_utils import Database

from core.posting.zones import zone_of
from core.receipts import Fate, day_before, tally
from store import notices
from store.overview import first_since

_ROW = """SELECT id FROM queue AS mine WHERE mine.chat_id = subscriptions.chat_id
    AND mine.history_id = verdicts.history_id AND mine.edition = 0"""
"""SQL: the row that a link has in the chat of a subscription; links are told apart by chat, or by topic."""

_WANTED = "json_extract(options, '$.defaults.receipt') = 1 AND state <> 'moved'"


def is_wanted(db: Database) -> bool:
    """Return whether any chat wants receipts."""
    return db.execute(f"SELECT 1 FROM chats WHERE {_WANTED} LIMIT 1").fetchone() is not None


def tell(db: Database, *, alert: tuple[int, int] | None, now_ms: int) -> int:
    """Say, once for each chat and day, what became of the last day; return how many notices that is."""
    if alert is None:
        return 0
    told = 0
    wanting = db.execute(f"SELECT chat_id, title, zone FROM chats WHERE {_WANTED}").fetchall()
    for chat in wanting:
        day, from_ms, until_ms = day_before(now_ms, zone_of(chat["zone"]))
        key = f"receipt:{chat['chat_id']}:{day}"
        if _is_told(db, alert[0], key):
            continue
        fates = fates_of(db, chat["chat_id"], from_ms=from_ms, until_ms=until_ms)
        args = {"chat": chat["title"] or str(chat["chat_id"]), "day": str(day), "fates": fates}
        notices.post_once(db, place=alert, key=key, code="receipt.day", args=args, now_ms=now_ms)
        told += 1
    return told


def fates_of(db: Database, chat_id: int, *, from_ms: int, until_ms: int) -> dict[Fate, int]:
    """Return what became of the links of a time that sources showed a chat.

    These are all that were new then, and all repeats that were caught then. The verdict of a subscription
    on a link is counted once, under what became of it until now.
    """
    return tally([*_new(db, chat_id, from_ms, until_ms), *_repeats(db, chat_id, from_ms, until_ms)])


def _new(
    db: Database, chat_id: int, from_ms: int, until_ms: int
) -> Iterator[tuple[str, str | None, str | None, int]]:
    rows = db.execute(
        f"""SELECT verdict, queue.state, queue.reason, COUNT(*)
        FROM subscriptions CROSS JOIN verdicts ON verdicts.subscription_id = subscriptions.id
            AND verdicts.history_id >= :first AND verdicts.history_id < :end AND verdict <> 'repeat'
        LEFT JOIN queue ON queue.id = COALESCE(
            ({_ROW} AND mine.scope = subscriptions.topic_id), ({_ROW} AND mine.scope = 0))
        WHERE subscriptions.chat_id = :chat GROUP BY 1, 2, 3""",
        {"chat": chat_id, "first": first_since(db, from_ms), "end": first_since(db, until_ms)},
    )
    for row in rows.fetchall():
        yield (row[0], row[1], row[2], row[3])


def _repeats(
    db: Database, chat_id: int, from_ms: int, until_ms: int
) -> Iterator[tuple[str, str | None, str | None, int]]:
    row = db.execute(
        """SELECT COUNT(*) FROM verdicts INDEXED BY verdicts_repeats
        CROSS JOIN subscriptions ON subscriptions.id = subscription_id AND subscriptions.chat_id = :chat
        WHERE verdict = 'repeat' AND at_ms >= :from AND at_ms < :until""",
        {"chat": chat_id, "from": from_ms, "until": until_ms},
    ).fetchone()
    if row[0]:
        yield ("repeat", None, None, row[0])


def _is_told(db: Database, chat_id: int, key: str) -> bool:
    row = db.execute("SELECT 1 FROM notices WHERE chat_id = ? AND dedupe_key = ?", (chat_id, key)).fetchone()
    return row is not None
