"""Databases as an older bot left them, of any size, with known counts."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE history (id INTEGER PRIMARY KEY, normalized_url TEXT, url TEXT, image_hash TEXT, date_added TEXT,
    title TEXT, last_price REAL, message_id INTEGER, channel_id TEXT, template_type TEXT, views_24h INTEGER,
    deleted INTEGER);
CREATE TABLE queue (id INTEGER PRIMARY KEY, normalized_url TEXT, url TEXT, status TEXT, created_at TEXT,
    priority INTEGER, scheduled_time TEXT);
"""
CHANNELS = (-1001000000001, -1001000000002)
_SHOPS = ("one.example", "two.example", "www.three.example")


@dataclass(frozen=True, slots=True)
class Older:
    """What a generated file holds."""

    path: Path
    rows: int
    links: int
    sent: int
    waiting: int
    """Rows of its queue that wait."""
    fresh: int
    """Of them, links that are not in the first channel."""


def generate(path: Path, rows: int, *, every: int = 20) -> Older:
    """Write a file with this many rows of history, one in `every` of them a link that was there already.

    Its keys are as that bot made them: without host and query, so that pages of different shops have one
    key. A repeated link is decorated differently. One link in ten was known and not posted; the others are
    spread over two channels. In the queue wait a hundred new links, five that were posted to the second
    channel and four that were to the first, among ten that wait no more.
    """
    repeats = rows // every
    links = rows - repeats
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)
        db.executemany(
            "INSERT INTO history VALUES (?, ?, ?, '', ?, ?, 9.5, ?, ?, 'plain', 0, 0)",
            [_row(number, number) for number in range(1, links + 1)]
            + [_row(links + n, 1 + (n * 7) % links, "?utm_source=again") for n in range(1, repeats + 1)],
        )
        db.executemany(
            "INSERT INTO queue VALUES (NULL, ?, ?, ?, '2024-05-01 10:00:00', 1, NULL)",
            [("/new", f"https://new.example/{n}", "pending") for n in range(100)]
            + [("/old", _url(11 + n), "pending") for n in range(10) if (11 + n) % 10]
            + [("/done", f"https://done.example/{n}", "published") for n in range(10)],
        )
    return Older(path=path, rows=rows, links=links, sent=links - links // 10, waiting=109, fresh=105)


def _url(number: int) -> str:
    return f"https://{_SHOPS[number % 3]}/item/{number // 3}?color=red"


def _row(row_id: int, number: int, decoration: str = "") -> tuple[object, ...]:
    sent = number % 10 != 0
    url = _url(number) + decoration.replace("?", "&")
    return (
        row_id,
        f"/item/{number // 3}",
        url,
        f"2024-{1 + number % 12:02}-{1 + number % 28:02} 12:00:00",
        "" if decoration else f"Item {number}",
        number if sent else None,
        str(CHANNELS[number % 2]) if sent else None,
    )
