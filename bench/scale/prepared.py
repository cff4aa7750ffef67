"""A database as it is after a while: so many sources that were read before, and links that they showed."""

import json
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from actors.web.bodies import hash_of
from bench.scale.sites import SHOWN, base_of, document, host_of_site, tag_of, url_of
from core.memory import Memory
from core.urls.normalize import RULES_VERSION, normalize
from store import chats, claims, facts
from store.connection import open_for_writing
from store.migrations import migrate

CHATS = [-1_001_000_000_000 - number for number in range(100)]
MOST_LINKS = 300_000
_DAY_MS = 86_400_000
_POSTED = 10
"""One link in so many was posted."""
_MOST_AT_ONCE = 10_000


def prepare(database: Path, intervals: Sequence[float], port: int, *, now_ms: int) -> None:
    """Make a database whose sources have these intervals, and their sites this port; due in half a day."""
    db = open_for_writing(database)
    migrate(db, database, now_ms=now_ms)
    with db.atomic():
        for chat_id in CHATS:
            chats.ensure(db, chat_id, chat_type="channel", title=f"Channel {chat_id}")
        claims.make_secret(db, fresh=random.Random(1).randbytes(16))
        memory = Memory(secret=facts.secret(db, "memory_secret"))
        _watch(db, intervals, memory, port, now_ms)
        _remember(db, min(SHOWN * len(intervals), MOST_LINKS), len(intervals), port, now_ms)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def make_due(database: Path, from_ms: int, *, now_ms: int) -> None:
    """Let the first look at each source lie at any moment of its interval, counted from then."""
    rng = random.Random(2)
    db = open_for_writing(database)
    with db.atomic():
        waits_ms = [
            (from_ms + round(rng.random() * row["interval_s"] * 1000), now_ms, row["source_id"])
            for row in db.execute("SELECT source_id, interval_s FROM subscriptions").fetchall()
        ]
        db.conn.executemany("UPDATE sources SET next_check_ms = ?, scheduled_ms = ? WHERE id = ?", waits_ms)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _watch(db: Database, intervals: Sequence[float], memory: Memory, port: int, now_ms: int) -> None:
    rows = (
        {
            "id": number + 1,
            "url": url_of(number, port),
            "host": host_of_site(number),
            "title": f"Site {number}",
            "etag": tag_of(SHOWN),
            "body_hash": hash_of(document(str(number), SHOWN)),
            "seen": _seen(memory, number, port),
            "chat": CHATS[number % len(CHATS)],
            "number": number // len(CHATS) + 1,
            "interval": interval_s,
            "due": now_ms + _DAY_MS // 2,
            "now": now_ms,
            "before": now_ms - _DAY_MS,
            "arrivals": json.dumps([now_ms - _DAY_MS]),
            "shown": SHOWN,
        }
        for number, interval_s in enumerate(intervals)
    )
    for batch in _batches(rows):
        db.conn.executemany(
            """INSERT INTO sources (id, kind, url, host, domain, title, state, etag, body_hash, seen_keys,
                next_check_ms, next_check_reason, scheduled_ms, arrivals, last_full_ms, first_ok_ms,
                last_ok_ms, last_new_ms, entries)
            VALUES (:id, 'feed', :url, :host, :host, :title, 'active', :etag, :body_hash, :seen,
                :due, 'interval', :now, :arrivals, :now, :before, :now, :before, :shown)""",
            batch,
        )
        db.conn.executemany(
            """INSERT INTO subscriptions (chat_id, source_id, number, interval_s, primed_ms, created_ms)
            VALUES (:chat, :id, :number, :interval, :before, :before)""",
            batch,
        )
    db.execute("UPDATE chats SET next_number = ?", (len(intervals) // len(CHATS) + 2,))


def _seen(memory: Memory, number: int, port: int) -> bytes:
    base = normalize(base_of(number, port))
    return memory.of(memory.hash_of(f"{base}{n}") for n in range(1, SHOWN + 1)).packed


def _remember(db: Database, count: int, sources: int, port: int, now_ms: int) -> None:
    """Fill history with links that the sources showed, the oldest of each first, and let some be posted."""
    rows = (
        {
            "id": link + 1,
            "url": f"{base_of(link % sources, port)}{1 + link // sources}",
            "key": normalize(f"{base_of(link % sources, port)}{1 + link // sources}"),
            "title": f"Number {1 + link // sources} of some words",
            "summary": f"What entry {link} says, in about as many words as most do.",
            "source": link % sources + 1,
            "chat": CHATS[link % sources % len(CHATS)],
            "rules": RULES_VERSION,
            "then": now_ms - 2 * _DAY_MS,
        }
        for link in range(count)
    )
    for batch in _batches(rows):
        db.conn.executemany(
            """INSERT INTO history (id, normalized_url, url, title, summary, state, first_seen_ms,
                rules_version)
            VALUES (:id, :key, :url, :title, :summary, 'ready', :then, :rules)""",
            batch,
        )
        db.conn.executemany("INSERT INTO sightings VALUES (:source, :id, :then, 0, NULL)", batch)
        db.conn.executemany(
            """INSERT INTO queue (chat_id, history_id, subscription_id, position, state, state_ms, message_id,
                created_ms)
            VALUES (:chat, :id, :source, :id, 'sent', :then, :id, :then)""",
            batch[::_POSTED],
        )
    facts.put(db, "words_to", str(count))
    facts.put(db, "rules_version", str(RULES_VERSION))


def _batches(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    while batch := list(islice(rows, _MOST_AT_ONCE)):
        yield batch
