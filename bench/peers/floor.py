"""`python bench/peers/floor.py URLS DATABASE [--keep] [--at-once N]`: the least that such a look takes.

Blocking sockets, lxml's tree, entity tags, one transaction. It checks nothing and survives nothing. It keeps
where entries lead; with `--keep` also their titles, dates and texts, as durably. One feed after the other is
what takes least; with `--at-once` so many are asked in threads, and what has come is stored, so that those
who never answer hold nobody up.
"""

import json
import queue
import socket
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lxml import etree

_TIMEOUT_S = 20
"""As ours has it."""
_ATOM = "{http://www.w3.org/2005/Atom}"
_RSS_1 = "{http://purl.org/rss/1.0/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_KEPT = {
    "": ("title", "pubDate", _CONTENT),
    _RSS_1: (f"{_RSS_1}title", "{http://purl.org/dc/elements/1.1/}date", _CONTENT),
    _ATOM: (f"{_ATOM}title", f"{_ATOM}updated", f"{_ATOM}content"),
}

Row = tuple[str, ...]
Answer = tuple[str, str, list[Row]]
"""A feed, its tag, and its entries."""


def fetch(url: str, tag: str) -> tuple[bytes, bytes]:
    """Return the head and the body of an answer."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), _TIMEOUT_S) as connection:
        condition = f"If-None-Match: {tag}\r\n" if tag else ""
        connection.sendall(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n{condition}\r\n".encode())
        pieces = iter(lambda: connection.recv(262_144), b"")
        head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    return head, body


def rows(body: bytes, *, keep: bool) -> list[Row]:
    """Return where the entries lead, without tracking parameters, and what is kept of them."""
    return [(url.partition("?utm_")[0], *kept) for url, *kept in _found(body, keep=keep)]


def _found(body: bytes, *, keep: bool) -> Iterator[tuple[str, ...]]:
    if body.startswith(b"{"):
        for item in json.loads(body)["items"]:
            yield (
                item["url"],
                *((item["title"], item["date_published"], item["content_html"]) if keep else ()),
            )
        return
    root = etree.fromstring(body)
    for space, path in (("", "channel/item"), (_RSS_1, f"{_RSS_1}item")):
        for item in root.iterfind(path):
            kept = (item.findtext(name, "") for name in _KEPT[space]) if keep else ()
            yield (item.findtext(f"{space}link", ""), *kept)
    for entry in root.iterfind(f"{_ATOM}entry"):
        link = entry.find(f"{_ATOM}link")
        kept = (entry.findtext(name, "") for name in _KEPT[_ATOM]) if keep else ()
        yield ("" if link is None else link.get("href", ""), *kept)


def ask(url: str, tag: str, *, keep: bool) -> Answer | None:
    """Look at a feed; None where it has not changed, or cannot be had."""
    try:
        head, body = fetch(url, tag)
    except OSError:
        return None
    if not head.startswith(b"HTTP/1.1 200"):
        return None
    return url, head.partition(b"ETag: ")[2].partition(b"\r\n")[0].decode(), rows(body, keep=keep)


def in_batches(urls: list[str], known: dict[str, str], *, keep: bool, at_once: int) -> Iterator[list[Answer]]:
    """Ask for all feeds; yield what has come."""
    if at_once == 1:
        yield list(filter(None, (ask(url, known.get(url, ""), keep=keep) for url in urls)))
        return
    came: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()

    def put(url: str) -> None:
        came.put(ask(url, known.get(url, ""), keep=keep))

    with ThreadPoolExecutor(at_once) as threads:
        for url in urls:
            threads.submit(put, url)
        left = len(urls)
        while left:
            batch = [came.get(), *(came.get() for _ in range(came.qsize()))]
            left -= len(batch)
            yield list(filter(None, batch))


def main(addresses: str, database: str, *, keep: bool, at_once: int) -> None:
    """Look at each feed once."""
    db = sqlite3.connect(database, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    kept = ", title TEXT, date TEXT, content TEXT)" if keep else ") WITHOUT ROWID"
    db.execute(f"CREATE TABLE IF NOT EXISTS links (url TEXT PRIMARY KEY{kept}")
    db.execute("CREATE TABLE IF NOT EXISTS tags (feed TEXT PRIMARY KEY, tag TEXT) WITHOUT ROWID")
    known: dict[str, str] = dict(db.execute("SELECT feed, tag FROM tags"))
    urls = Path(addresses).read_text(encoding="ascii").split()
    values = "?, ?, ?, ?" if keep else "?"
    for answers in in_batches(urls, known, keep=keep, at_once=at_once):
        db.execute("BEGIN IMMEDIATE")
        for _, _, found in answers:
            db.executemany(f"INSERT OR IGNORE INTO links VALUES ({values})", found)
        db.executemany("REPLACE INTO tags VALUES (?, ?)", [(feed, tag) for feed, tag, _ in answers])
        db.execute("COMMIT")
    db.close()


if __name__ == "__main__":
    options = sys.argv[3:]
    count = int(options[options.index("--at-once") + 1]) if "--at-once" in options else 1
    main(sys.argv[1], sys.argv[2], keep="--keep" in options, at_once=count)
