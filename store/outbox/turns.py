"""What decides when a chat's posts go out, read from its rows."""

import sqlite3
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from core.pacing import Head, PacingPolicy
from core.posting.moments import day_begins_ms
from core.posting.rules import PostingRules
from core.posting.turns import Pace
from core.posting.zones import zone_of
from store.queue import LANE_FEED

CHAT_COLUMNS = """chats.chat_id, chats.type, chats.schedule, chats.zone, chats.last_send_ms,
    chats.flood_from_ms, chats.flood_until_ms, chats.flood_widening"""
ROW_COLUMNS = """head.id, head.lane, head.position, head.topic_id, head.history_id, head.not_before_ms,
    head.waits_from_ms, head.created_ms, head.released_ms, head.at_ms, head.digest, head.refusals,
    head.undecided, EXISTS (SELECT 1 FROM own_texts WHERE queue_id = head.id) AS own,
    (SELECT state IN ('accepted', 'fetching') FROM history WHERE history.id = head.history_id) AS unread"""
_COUNTS = "kind IN ('link', 'digest') AND (outcome IS NULL OR outcome IN ('sent', 'uncertain'))"


def pace_of(
    db: Database, chat: sqlite3.Row, pacing: PacingPolicy, *, now_ms: int, count: bool = True
) -> Pace:
    """Return what decides when posts of a chat go out; `chat` has CHAT_COLUMNS.

    Without `count` it is as if nothing had been sent today.
    """
    rules = PostingRules.read(chat["schedule"])
    zone = zone_of(chat["zone"], pacing.zone)
    sent = 0 if rules.cap is None or not count else _sent_today(db, chat["chat_id"], zone, rules.cap, now_ms)
    return Pace(gap_ms=pacing.gap_ms(chat["type"]), rules=rules, zone=zone, sent_today=sent)


def head_of(row: sqlite3.Row, chat: sqlite3.Row) -> Head:
    """Return a row as what decides about it sees it; `row` has ROW_COLUMNS, `chat` CHAT_COLUMNS."""
    return Head(
        not_before_ms=row["not_before_ms"],
        waits_from_ms=row["waits_from_ms"],
        why="page" if row["unread"] else "not_before",
        last_send_ms=chat["last_send_ms"],
        flood_from_ms=chat["flood_from_ms"],
        flood_until_ms=chat["flood_until_ms"],
        widening=chat["flood_widening"],
        entered_ms=entered_ms(row),
        at_ms=row["at_ms"],
        by_hand=row["lane"] != LANE_FEED,
    )


def entered_ms(row: sqlite3.Row) -> int:
    """Return since when a row may go out, as far as its source and the people are concerned."""
    return max(int(row["created_ms"]), int(row["released_ms"]))


def _sent_today(db: Database, chat_id: int, zone: ZoneInfo, cap: int, now_ms: int) -> int:
    """Count the posts of a chat's day, up to its cap; one in doubt counts, for it may be there."""
    count = db.execute(
        f"""SELECT COUNT(*) FROM (
            SELECT 1 FROM posts WHERE chat_id = ? AND started_ms BETWEEN ? AND ? AND {_COUNTS} LIMIT ?)""",
        (chat_id, day_begins_ms(zone, now_ms), now_ms, cap),
    ).fetchone()[0]
    return int(count)
