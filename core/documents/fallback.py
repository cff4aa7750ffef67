"""feedparser, for feeds in which our own reader finds nothing. Slow: it belongs into a process of its own."""

import calendar
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from core.documents.links import choose_image, is_web, make_enclosure, resolve
from core.documents.text import clean_text, one_line, plain_line
from core.entries import Document, Enclosure, Entry, ParsedDocument
from core.errors import UnreadableDocument

MOST_BYTES = 256 * 1024
_MOST_ENTRIES = 1_000
_MOST_PARTS = 50
# It raises on references to surrogates, and takes square time on long authors (feedparser#562).
_SURROGATES = re.compile(rb"&#(?:[xX]0*[dD][89A-Fa-f][0-9A-Fa-f]{2}|0*5[5-7][0-9]{3});")
_LONG_AUTHOR = re.compile(
    rb"(<(?:[\w.-]{1,30}:)?(?:author|creator|email|managingEditor|webMaster)\b[^>]*+>[^<]{500})[^<]*+"
)


def read_with_feedparser(body: bytes, *, url: str = "", content_type: str = "") -> ParsedDocument:
    """Read a feed of at most 256 KB with feedparser; entries are in document order.

    Makes no request and opens no file. Time is not bounded here: the caller bounds it.

    Raises:
        UnreadableDocument: `too_large`, `broken` (feedparser crashed on it), `not_a_feed` (no entries).
    """
    if len(body) > MOST_BYTES:
        raise UnreadableDocument("too_large", f"more than {MOST_BYTES} bytes of damaged markup")
    import feedparser

    sane = _LONG_AUTHOR.sub(rb"\1", _SURROGATES.sub(b"", body.replace(b"\x00", b"")))
    headers = {"content-type": content_type} if content_type else {}
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            BytesIO(sane), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
        found = tuple(
            filter(None, (_entry(entry, url) for entry in _dicts(parsed.get("entries"), _MOST_ENTRIES)))
        )
        feed = parsed.get("feed") or {}
        title, site_url = _plain(feed, "title"), _link(feed, url)
    except Exception as error:  # noqa: BLE001 - anything may come out of it, and it costs this feed only
        raise UnreadableDocument("broken", f"feedparser fails: {type(error).__name__}") from None
    if not found:
        raise UnreadableDocument("not_a_feed", "feedparser finds no entry either")
    return ParsedDocument(kind="feed", title=title, site_url=site_url, entries=found, complete=False)


def fallback(document: Document) -> ParsedDocument:
    """Read a document with feedparser, in the form that `core.kinds.parse_as` asks for.

    Raises:
        UnreadableDocument: as `read_with_feedparser`.
    """
    return read_with_feedparser(document.body, url=document.url, content_type=document.content_type)


def _entry(said: Mapping[str, Any], base: str) -> Entry | None:
    enclosures = tuple(_enclosures(said, base))
    entry_id = one_line(_text(said, "id")) or None
    url = _link(said, base) or (entry_id if entry_id is not None and is_web(entry_id) else None)
    thumbnails = (resolve(base, _text(each, "url")) for each in _dicts(said.get("media_thumbnail"), 5))
    entry = Entry(
        id=entry_id,
        url=url,
        title=_plain(said, "title"),
        summary=clean_text(_summary(said)).strip(),
        published_ms=_moment(said),
        author=_plain(said, "author") or None,
        tags=tuple(
            dict.fromkeys(
                term for tag in _dicts(said.get("tags"), _MOST_PARTS) if (term := _plain(tag, "term"))
            )
        ),
        enclosures=enclosures,
    )
    if entry == Entry():
        return None
    return entry._replace(image=next(filter(None, thumbnails), None) or choose_image(enclosures))


def _link(said: Mapping[str, Any], base: str) -> str | None:
    url = resolve(base, _text(said, "link"))
    return url if url is not None and is_web(url) else None


def _summary(said: Mapping[str, Any]) -> str:
    contents = (_text(content, "value") for content in _dicts(said.get("content"), 5))
    return _text(said, "summary") or next(filter(None, contents), "")


def _moment(said: Mapping[str, Any]) -> int | None:
    for name in ("published_parsed", "updated_parsed"):
        moment = said.get(name) if name in said.keys() else None  # noqa: SIM118 - its get() makes up an updated
        if moment is not None:
            return calendar.timegm(moment) * 1000
    return None


def _enclosures(said: Mapping[str, Any], base: str) -> Iterable[Enclosure]:
    for link in _dicts(said.get("enclosures"), _MOST_PARTS):
        enclosure = make_enclosure(
            resolve(base, _text(link, "href")), _text(link, "type"), _text(link, "length")
        )
        if enclosure is not None:
            yield enclosure


def _plain(said: Mapping[str, Any], name: str) -> str:
    return plain_line(_text(said, name), sure=False)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _dicts(value: object, most: int) -> list[Mapping[str, Any]]:
    return [each for each in value[:most] if isinstance(each, Mapping)] if isinstance(value, list) else []
