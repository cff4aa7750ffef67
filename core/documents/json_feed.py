"""JSON Feed, versions 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

import json
import re
from collections.abc import Iterable
from typing import Any

from core.documents.charset import to_utf8
from core.documents.dates import parse_date
from core.documents.links import choose_image, is_web, make_enclosure, resolve
from core.documents.newest import newest
from core.documents.text import as_markup, clean_text, one_line
from core.entries import Document, Enclosure, Entry, ParsedDocument
from core.errors import UnreadableDocument

_VERSION = "jsonfeed.org/version/1"
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_SEPARATOR = re.compile(r"[\s,]*")

# Numbers stay strings: one of 5,000 digits must not cost the feed, and an id is a string anyhow.
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)


def parse_json_feed(document: Document) -> ParsedDocument:
    """Read a JSON Feed; entries are in document order.

    If the document is cut off or has a mistake, the entries before that are read; of more than 10,000
    entries the newest, and the document counts as incomplete.

    Raises:
        UnreadableDocument: `not_a_feed` for other JSON, `broken` for none.
    """
    text = to_utf8(document.body, document.content_type).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    try:
        feed, complete = _decode(text)
    except RecursionError:
        raise UnreadableDocument("broken", "the JSON is nested too deeply") from None
    if not isinstance(feed, dict) or not (_VERSION in _text(feed, "version") or "items" in feed):
        raise UnreadableDocument("not_a_feed", "JSON, but no JSON Feed")
    default_author = _author(feed)
    items = [item for item in _list(feed, "items") if isinstance(item, dict)]
    chosen = newest(items, _published)
    entries = (_entry(item, document.url, default_author) for item in chosen)
    return ParsedDocument(
        kind="feed",
        title=one_line(_text(feed, "title")),
        site_url=resolve(document.url, _text(feed, "home_page_url")),
        entries=tuple(entry for entry in entries if entry is not None),
        complete=complete and len(chosen) == len(items),
    )


def _decode(text: str) -> tuple[Any, bool]:
    """Return what could be decoded, and whether that is everything."""
    try:
        return _DECODER.decode(text), True
    except ValueError as error:
        feed = _decode_start(text)
        if feed is None:
            raise UnreadableDocument("broken", "the JSON has a mistake before its first entry") from error
        return feed, False


def _decode_start(text: str) -> dict[str, Any] | None:
    """Decode what is whole of a damaged feed: what stands before its entries, and the first of these."""
    start = _ITEMS.search(text)
    if start is None or not text.startswith("{"):
        return None
    try:
        feed = _DECODER.decode(text[: start.start()].rstrip().rstrip(",") + "}")
    except ValueError:
        feed = {}
    items: list[Any] = []
    position = start.end()
    while True:
        position = _after_separator(text, position)
        try:
            item, position = _DECODER.raw_decode(text, position)
        except ValueError:
            return {**feed, "items": items}
        items.append(item)


def _after_separator(text: str, position: int) -> int:
    found = _SEPARATOR.match(text, position)
    return found.end() if found else position


def _entry(item: dict[str, Any], base: str, default_author: str | None) -> Entry | None:
    entry_id = clean_text(_text(item, "id")).strip() or None
    url = resolve(base, _text(item, "url")) or resolve(base, _text(item, "external_url"))
    if url is None and entry_id is not None and is_web(entry_id):
        url = entry_id
    title, summary = one_line(_text(item, "title")), _summary(item)
    enclosures = tuple(_enclosures(item, base))
    if not (entry_id or url or title or summary or enclosures):
        return None
    image = resolve(base, _text(item, "image")) or resolve(base, _text(item, "banner_image"))
    return Entry(
        id=entry_id,
        url=url,
        title=title,
        summary=summary,
        published_ms=_published(item),
        author=_author(item) or default_author,
        tags=tuple(dict.fromkeys(_lines(_list(item, "tags")))),
        image=image or choose_image(enclosures),
        enclosures=enclosures,
    )


def _summary(item: dict[str, Any]) -> str:
    text, markup = _text(item, "summary"), _text(item, "content_html")
    chosen = as_markup(text) or markup or as_markup(_text(item, "content_text"))
    return clean_text(chosen).strip()


def _published(item: dict[str, Any]) -> int | None:
    published_ms = parse_date(_text(item, "date_published"))
    return published_ms if published_ms is not None else parse_date(_text(item, "date_modified"))


def _author(holder: dict[str, Any]) -> str | None:
    """Give the names of version 1.1's `authors`, or that of 1.0's `author`."""
    people = [
        person for person in (*_list(holder, "authors"), holder.get("author")) if isinstance(person, dict)
    ]
    return ", ".join(dict.fromkeys(_lines(person.get("name") for person in people))) or None


def _enclosures(item: dict[str, Any], base: str) -> Iterable[Enclosure]:
    for file in _list(item, "attachments"):
        if isinstance(file, dict):
            size = _text(file, "size_in_bytes")
            enclosure = make_enclosure(resolve(base, _text(file, "url")), _text(file, "mime_type"), size)
            if enclosure is not None:
                yield enclosure


def _lines(values: Iterable[object]) -> Iterable[str]:
    return filter(None, (one_line(value) for value in values if isinstance(value, str)))


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _list(holder: dict[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []
