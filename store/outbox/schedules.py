"""The schedule and the time zone of a chat, as its row keeps them."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from core.pacing import Head, PacingPolicy, Wait
from core.posting.rules import PostingRules
from core.posting.turns import turn
from store import chats
from store.outbox.turns import CHAT_COLUMNS, pace_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSchedule:
    """What is set for a chat, and when a link that came now would go out there."""

    rules: PostingRules
    zone: str
    chosen: bool
    """The zone is the chat's own choice."""
    next: Wait


def schedule_of(db: Database, chat_id: int, *, pacing: PacingPolicy, now_ms: int) -> ChatSchedule:
    """Return the schedule of a chat; one that nobody has set anything for has none."""
    row = chat_row(db, chat_id)
    if row is None:
        zone = pacing.zone
        return ChatSchedule(rules=PostingRules(), zone=zone, chosen=False, next=Wait(until_ms=now_ms))
    pace = pace_of(db, row, pacing, now_ms=now_ms)
    head = Head(
        not_before_ms=0,
        waits_from_ms=0,
        last_send_ms=row["last_send_ms"],
        flood_from_ms=row["flood_from_ms"],
        flood_until_ms=row["flood_until_ms"],
        widening=row["flood_widening"],
        entered_ms=now_ms,
    )
    return ChatSchedule(
        rules=pace.rules,
        zone=pace.zone.key,
        chosen=row["zone"] is not None,
        next=turn(head, pace, now_ms=now_ms),
    )


def change(db: Database, chat_id: int, changed: Callable[[PostingRules], PostingRules]) -> None:
    """Give a chat other rules, made of those it has.

    Raises:
        UserError: as `changed` does; nothing has changed then.
    """
    chats.ensure(db, chat_id)
    row = db.execute("SELECT schedule FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
    rules = changed(PostingRules.read(row["schedule"]))
    db.execute("UPDATE chats SET schedule = ? WHERE chat_id = ?", (rules.write(), chat_id))


def set_zone(db: Database, chat_id: int, zone: str | None) -> None:
    """Give a chat a time zone of its own, by its IANA name; None is that of the bot."""
    chats.ensure(db, chat_id)
    db.execute("UPDATE chats SET zone = ? WHERE chat_id = ?", (zone, chat_id))


def chat_row(db: Database, chat_id: int) -> sqlite3.Row | None:
    """Return CHAT_COLUMNS of a chat."""
    row: sqlite3.Row | None = db.execute(
        f"SELECT {CHAT_COLUMNS}, state FROM chats WHERE chat_id = ?",
        (chat_id,),
    ).fetchone()
    return row
