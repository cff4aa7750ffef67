"""`python -m bench.showing`: what /stats, /list, /why and a post's card cost with a long history.

Milliseconds of each reading of the database, the first time and the median of more, and how many times the
500 ms of the promise they fit into.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
from sqlite_utils import Database

from store import less_like, lives, reads, sent_posts
from store.charts import chart_of
from store.connection import open_for_reading, open_for_writing
from store.migrations import migrate
from store.overview import DAY_MS, overview
from store.sent_posts import Shown

_PROMISED_MS = 500.0
_ROUNDS = 9
_APART_MS = 2600
_CHAT = -1001
NOW_MS = 1_800_000_000_000

_FILL = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
"""
_SOURCES = f"""{_FILL} INSERT INTO sources (kind, url, title, state, errors, error)
    SELECT 'feed', 'https://site' || i || '.example/feed', 'Site ' || i, 'active', i % 50 = 0,
        CASE WHEN i % 50 = 0 THEN 'timeout' END FROM n"""
_SUBSCRIPTIONS = f"""{_FILL} INSERT INTO subscriptions (chat_id, source_id, number, created_ms)
    SELECT :chat - i % 100, i, i, 0 FROM n"""
_LINKS = f"""{_FILL} INSERT INTO history (normalized_url, url, title, state, first_seen_ms, rules_version)
    SELECT 'https://news.example/' || i, 'https://news.example/' || i, 'Words of link number ' || i, 'ready',
        :now - (:count - i) * {_APART_MS}, 1 FROM n"""
_SIGHTINGS = """INSERT INTO sightings (source_id, history_id, seen_ms, position)
    SELECT 1 + id % :sources, id, first_seen_ms, 0 FROM history"""
_VERDICTS = """INSERT INTO verdicts (subscription_id, history_id, verdict, at_ms)
    SELECT 1 + id % :sources, id, CASE WHEN id % 3 THEN 'wanted' ELSE 'repeat' END, first_seen_ms
    FROM history"""
_POSTS = """INSERT INTO posts (id, kind, chat_id, fingerprint, owner, started_ms, outcome)
    SELECT id, 'link', :chat - (1 + id % :sources) % 100, hex(id), 'boot/1', first_seen_ms + 9000, 'sent'
    FROM history WHERE id % 3"""
_QUEUE = """INSERT INTO queue (chat_id, history_id, subscription_id, position, state, reason, state_ms,
        post_id, message_id, created_ms)
    SELECT :chat - (1 + id % :sources) % 100, id, 1 + id % :sources, id,
        CASE WHEN id % 100 = 1 THEN 'dropped' WHEN id % 1000 = 2 THEN 'pending' ELSE 'sent' END,
        CASE WHEN id % 100 = 1 THEN 'expired' END, first_seen_ms + 9000, id, id, first_seen_ms
    FROM history WHERE id % 3"""


def fill(db: Database, *, links: int, sources: int) -> None:
    """Give a database so many sources in a hundred chats, and links that came in the course of a month."""
    values = {"count": sources, "chat": _CHAT, "now": NOW_MS, "sources": sources}
    with db.atomic():
        for chat in range(100):
            db.execute("INSERT INTO chats (chat_id, type) VALUES (?, 'channel')", (_CHAT - chat,))
        for sql in (_SOURCES, _SUBSCRIPTIONS):
            db.execute(sql, {name: values[name] for name in values if f":{name}" in sql})
        values["count"] = links
        for sql in (_LINKS, _SIGHTINGS, _VERDICTS, _POSTS, _QUEUE):
            db.execute(sql, {name: values[name] for name in values if f":{name}" in sql})


def questions(links: int) -> dict[str, Callable[[Database], object]]:
    """Return what is asked, by the command that asks it."""
    middle = f"https://news.example/{links // 2}"
    newest = links - (1 if links % 3 == 0 else 0)
    found = Shown(text="", keys=(middle,), fingerprint="0")
    return {
        "/stats": lambda db: overview(db, boot_id="boot", now_ms=NOW_MS),
        "/stats, its picture": lambda db: chart_of(db, now_ms=NOW_MS),
        "/list of a chat": lambda db: reads.watched(db, chat_id=_CHAT),
        "/list of all chats": reads.watched,
        "/why, owner": lambda db: lives.life_for(db, middle, None),
        "/why, viewer": lambda db: lives.life_for(db, middle, (_CHAT, _CHAT - 1)),
        "card: by links": lambda db: sent_posts.find(db, found, None),
        "card: by fingerprint": lambda db: sent_posts.find(db, Shown(text="", fingerprint="0"), None),
        "card: less like this": lambda db: less_like.proposals(db, _row_of(db, newest), now_ms=NOW_MS),
    }


def _row_of(db: Database, link: int) -> int:
    return int(
        db.execute(
            "SELECT id FROM queue WHERE history_id <= ? AND state = 'sent' ORDER BY history_id DESC LIMIT 1",
            (link,),
        ).fetchone()[0]
    )


def _spent_ms(ask: Callable[[Database], object], db: Database) -> float:
    begun = time.perf_counter()
    ask(db)
    return (time.perf_counter() - begun) * 1000


@click.command()
@click.option("--links", default=1_000_000, show_default=True, help="Links in history.")
@click.option("--sources", default=10_000, show_default=True, help="Sources, each with a subscription.")
def main(links: int, sources: int) -> None:
    """Measure, and print what came out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        writer = open_for_writing(path)
        migrate(writer, path, now_ms=1)
        writer.execute("PRAGMA synchronous = OFF")
        fill(writer, links=links, sources=sources)
        writer.execute("ANALYZE")
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = path.stat().st_size / 2**20
        click.echo(
            f"{links} links, {sources} sources, {NOW_MS and size:.0f} MiB, {links * 2600 // DAY_MS} days"
        )
        for name, ask in questions(links).items():
            db = open_for_reading(path)
            first_ms, *rest_ms = (_spent_ms(ask, db) for _ in range(1 + _ROUNDS))
            median_ms = statistics.median(rest_ms)
            times = _PROMISED_MS / max(first_ms, median_ms)
            click.echo(
                f"{name:22} first {first_ms:7.1f} ms; median {median_ms:7.1f} ms, {times:6.0f} x in 500 ms"
            )
            db.close()
        writer.close()


if __name__ == "__main__":
    main()
