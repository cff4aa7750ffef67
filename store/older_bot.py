"""An older bot's database: what it posted, what it only knew, and what still waits in it.

Its keys had lost the host, so they are made anew from each row's address, and rows that are one link
become one. What it says of prices, pictures and views stays in the copy of its file.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from core.documents.dates import parse_date
from core.protocol import HistoryId, Place
from core.text import one_line
from core.urls.normalize import RefusedUrl, normalize
from store import adoption, chats, history, queue
from store.adoption import KnownLink

_BATCH = 1_000
"""Rows of one transaction."""
_TITLE_LIMIT = 1_000
_WAITS = ("", "pending", "queued", "scheduled", "waiting", "new")
_UNDER_WAY = ("processing", "publishing", "sending", "in_progress")


@dataclass(slots=True)
class Adopted:
    """How an older bot's rows ended."""

    rows: int = 0
    """Of its history, but for those without an address on the web."""
    links: int = 0
    """Links that these are."""
    sent: int = 0
    """Links that are known to be in a chat."""
    refused: int = 0
    """Rows of its history or queue that have no address on the web."""
    homeless: int = 0
    """Posts in a chat that is not named by its id, where no --chat says which it is."""
    waiting: int = 0
    """Rows of its queue that wait."""
    queued: int = 0
    """Of them, those that wait now: the others were posted already, or are the same link."""
    doubtful: int = 0
    """Rows that were being posted when it ended."""
    left: Counter[str] = field(default_factory=Counter)
    """Rows of its queue that wait no more, by their status."""

    @property
    def duplicates(self) -> int:
        """Return how many rows of its history said again what another one says."""
        return self.rows - self.links


def waiting(old: sqlite3.Connection) -> int:
    """Return how many links wait in an older bot's queue, or were under way."""
    counts = old.execute("SELECT LOWER(COALESCE(status, '')), COUNT(*) FROM queue GROUP BY 1").fetchall()
    return sum(count for status, count in counts if status in (*_WAITS, *_UNDER_WAY))


def rows_of(old: sqlite3.Connection) -> int:
    """Return how many rows there are to adopt."""
    row = old.execute("SELECT (SELECT COUNT(*) FROM history) + (SELECT COUNT(*) FROM queue)").fetchone()
    return int(row[0])


def adopt(
    old: sqlite3.Connection,
    db: Database,
    *,
    chat_id: int | None,
    now_ms: int,
    advance: Callable[[int], None],
) -> Adopted:
    """Take over an older bot's rows, in transactions of their own.

    Args:
        old: Its database.
        db: An empty one of this program.
        chat_id: Where what waits is to be posted, and where posts are that name no chat by its id.
        now_ms: Wall clock.
        advance: Is told how many rows each step took over.
    """
    done = Adopted()
    for rows in _batches(old, "SELECT * FROM history ORDER BY id"):
        with db.atomic():
            _adopt_history(db, rows, chat_id, done, now_ms)
        advance(len(rows))
    # Those that wait for no time go first: one that does would hold up what is behind it.
    order = "ORDER BY scheduled_time IS NOT NULL, scheduled_time, priority DESC, id"
    for rows in _batches(old, f"SELECT * FROM queue {order}"):
        with db.atomic():
            _adopt_queue(db, rows, chat_id, done, now_ms)
        advance(len(rows))
    return done


def _batches(old: sqlite3.Connection, sql: str) -> Iterator[list[Mapping[str, Any]]]:
    found = old.execute(sql)
    while rows := found.fetchmany(_BATCH):
        yield [dict(row) for row in rows]


def _adopt_history(
    db: Database, rows: Sequence[Mapping[str, Any]], chat_id: int | None, done: Adopted, now_ms: int
) -> None:
    only_known: list[KnownLink] = []
    by_chat: dict[int, list[KnownLink]] = {}
    for row in rows:
        link = _link(row, row.get("date_added"), now_ms)
        if link is None:
            done.refused += 1
            continue
        done.rows += 1
        posted = link.message_id is not None or row.get("channel_id") not in (None, "")
        chat = _integer(row.get("channel_id")) or chat_id
        if posted and chat is not None:
            by_chat.setdefault(chat, []).append(link)
        else:
            done.homeless += posted
            only_known.append(link)
    done.links += adoption.know(db, only_known)
    for chat, links in by_chat.items():
        recorded = adoption.record(db, links, chat_id=chat, now_ms=now_ms)
        done.links += recorded.new_links
        done.sent += recorded.new_posts


def _adopt_queue(
    db: Database, rows: Sequence[Mapping[str, Any]], chat_id: int | None, done: Adopted, now_ms: int
) -> None:
    wanted: dict[str, tuple[KnownLink, Mapping[str, Any]]] = {}
    for row in rows:
        status = str(row.get("status") or "").strip().lower()
        if status not in (*_WAITS, *_UNDER_WAY):
            done.left[status] += 1
            continue
        done.waiting += 1
        link = _link(row, row.get("created_at"), now_ms)
        if link is None:
            done.refused += 1
        else:
            wanted.setdefault(link.key, (link, row))
    if chat_id is None or not wanted:
        return
    chats.ensure(db, chat_id)
    adoption.know(db, [link for link, _ in wanted.values()])
    ids = history.ids_of(db, list(wanted))
    history.make_ready(db, list(ids.values()), now_ms=now_ms)
    queued = queue.enqueue(
        db,
        place=Place(chat_id=chat_id),
        scope=0,
        subscription_id=None,
        history_ids=[ids[key] for key in wanted],
        hold=None,
        now_ms=now_ms,
    )
    done.queued += len(queued)
    for key, (_, row) in wanted.items():
        if ids[key] in queued:
            done.doubtful += _settle(db, chat_id, ids[key], row, now_ms)


def _settle(db: Database, chat_id: int, link: HistoryId, row: Mapping[str, Any], now_ms: int) -> bool:
    """Keep a new row until its time, or bring it in doubt; return whether it is."""
    doubtful = str(row.get("status") or "").strip().lower() in _UNDER_WAY
    not_before_ms = parse_date(str(row.get("scheduled_time") or "")) or 0
    later = not doubtful and not_before_ms > now_ms
    db.execute(
        """UPDATE queue SET state = ?, not_before_ms = ?, waits_from_ms = ?
        WHERE chat_id = ? AND history_id = ? AND scope = 0 AND edition = 0""",
        (
            "uncertain" if doubtful else "pending",
            not_before_ms if later else 0,
            now_ms if later else 0,
            chat_id,
            link,
        ),
    )
    return doubtful


def _link(row: Mapping[str, Any], date: object, now_ms: int) -> KnownLink | None:
    url = one_line(str(row.get("url") or ""))
    try:
        key = normalize(url)
    except RefusedUrl:
        return None
    return KnownLink(
        key=key,
        url=url,
        title=one_line(str(row.get("title") or ""))[:_TITLE_LIMIT],
        at_ms=parse_date(str(date or "")) or now_ms,
        message_id=_integer(row.get("message_id")),
    )


def _integer(value: object) -> int | None:
    """Read an id that may be stored as text; 0 and names are none."""
    text = str(value if value is not None else "")
    number = int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else 0
    return number or None
