"""`python bench/peers/floor.py URLS DATABASE`: the least that fetches, reads and remembers so many feeds.

Blocking sockets one after the other, lxml's tree, links only, entity tags, one transaction. It checks
nothing, waits for nobody and survives nothing.
"""

import socket
import sqlite3
import sys
from pathlib import Path

from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"


def fetch(url: str, tag: str) -> tuple[bytes, bytes]:
    """Return the head and the body of an answer."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), 20) as connection:
        condition = f"If-None-Match: {tag}\r\n" if tag else ""
        connection.sendall(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n{condition}\r\n".encode())
        pieces = iter(lambda: connection.recv(262_144), b"")
        head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    return head, body


def links(body: bytes) -> list[str]:
    """Return where the entries lead, without tracking parameters."""
    root = etree.fromstring(body)
    found = [element.text or "" for element in root.iterfind("channel/item/link")]
    found += [element.get("href", "") for element in root.iterfind(f"{_ATOM}entry/{_ATOM}link")]
    return [url.partition("?utm_")[0] for url in found]


def main(addresses: str, database: str) -> None:
    """Look at each feed once."""
    db = sqlite3.connect(database, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE IF NOT EXISTS links (url TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("CREATE TABLE IF NOT EXISTS tags (feed TEXT PRIMARY KEY, tag TEXT) WITHOUT ROWID")
    known: dict[str, str] = dict(db.execute("SELECT feed, tag FROM tags"))
    new: list[tuple[str]] = []
    tags: list[tuple[str, str]] = []
    for url in Path(addresses).read_text(encoding="ascii").split():
        head, body = fetch(url, known.get(url, ""))
        if head.startswith(b"HTTP/1.1 200"):
            tags.append((url, head.partition(b"ETag: ")[2].partition(b"\r\n")[0].decode()))
            new += [(link,) for link in links(body)]
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT OR IGNORE INTO links VALUES (?)", new)
    db.executemany("REPLACE INTO tags VALUES (?, ?)", tags)
    db.execute("COMMIT")
    db.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
