"""Reads the names of documents, one a line, and prints what each parser of this language makes of each.

For each document: a list of [link, id, title, date] for its entries, or null where it is refused.
Needs feedparser, feedparser-rs, fastfeedparser and atoma.
"""

import calendar
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import atoma
import fastfeedparser
import feedparser
import feedparser_rs

Entries = list[list[Any]]
_URL = "https://harbour.example/feed"


def by_feedparser(body: bytes) -> Entries | None:
    """Read with feedparser, which knows what a title is: one of HTML is marked by a list."""
    headers = {"content-location": _URL, "content-type": "application/xml"}
    parsed = feedparser.parse(body, response_headers=headers, sanitize_html=False)
    if not parsed.get("version") and not parsed.entries:
        return None
    found = []
    for entry in parsed.entries:
        kind = entry.get("title_detail", {}).get("type", "text/plain")
        title = entry.get("title") or ""
        moment = _moment(entry)
        found.append([entry.get("link"), entry.get("id"), title if kind == "text/plain" else [title], moment])
    return found


def by_feedparser_rs(body: bytes) -> Entries | None:
    """Read with the port of feedparser to Rust."""
    parsed = feedparser_rs.parse(body)
    if not parsed.version and not parsed.entries:
        return None
    return [[entry.link, entry.id, entry.title, _moment(entry)] for entry in parsed.entries]


def by_fastfeedparser(body: bytes) -> Entries | None:
    """Read with fastfeedparser, whose dates are ISO 8601."""
    parsed = fastfeedparser.parse(body)
    return [
        [entry.get("link"), entry.get("id"), entry.get("title"), _iso(entry.get("published"))]
        for entry in parsed.entries
    ]


def by_atoma(body: bytes) -> Entries | None:
    """Read with atoma, as the format that does not refuse the document."""
    for read in (_atoma_rss, _atoma_atom, _atoma_json):
        try:
            return read(body)
        except Exception:  # noqa: BLE001 - it has no common error, and the next one may do
            continue
    return None


def _atoma_rss(body: bytes) -> Entries:
    items = atoma.parse_rss_bytes(body).items
    return [[item.link, item.guid, item.title, _seconds(item.pub_date)] for item in items]


def _atoma_atom(body: bytes) -> Entries:
    found = []
    for entry in atoma.parse_atom_bytes(body).entries:
        link = next((each.href for each in entry.links if each.rel in (None, "alternate")), None)
        found.append([link, entry.id_, entry.title.value, _seconds(entry.published or entry.updated)])
    return found


def _atoma_json(body: bytes) -> Entries:
    items = atoma.parse_json_feed_bytes(body).items
    return [[item.url, item.id_, item.title, _seconds(item.date_published)] for item in items]


def _moment(entry: Any) -> int | None:
    for name in ("published_parsed", "created_parsed", "updated_parsed"):
        moment = dict.get(entry, name) if isinstance(entry, dict) else getattr(entry, name, None)
        if moment is not None:
            return calendar.timegm(moment)
    return None


def _iso(text: str | None) -> int | None:
    return _seconds(datetime.fromisoformat(text)) if text else None


def _seconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(aware.timestamp() // 1)


PARSERS: dict[str, Callable[[bytes], Entries | None]] = {
    "feedparser": by_feedparser,
    "feedparser-rs": by_feedparser_rs,
    "fastfeedparser": by_fastfeedparser,
    "atoma": by_atoma,
}


def main() -> None:
    """Read the names and print the answers as JSON."""
    names = sys.stdin.read().split("\n")
    answers: dict[str, dict[str, Entries | None]] = {parser: {} for parser in PARSERS}
    for name in filter(None, names):
        body = Path(name).read_bytes()
        for parser, read in PARSERS.items():
            try:
                answers[parser][name] = read(body)
            except Exception:  # noqa: BLE001 - each fails in its own way, and that is its answer
                answers[parser][name] = None
    versions = {parser: version(parser) for parser in PARSERS}
    json.dump({"versions": versions, "answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
