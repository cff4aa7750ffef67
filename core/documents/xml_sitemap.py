"""Sitemaps and their indexes, with the news, image and video extensions, as entries.

Sources: https://www.sitemaps.org/protocol.html and
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap and image-sitemaps.
"""

from dataclasses import dataclass

from lxml import etree

from core.documents.dates import parse_date
from core.documents.links import is_web, resolve
from core.documents.markup import text_of
from core.documents.names import local_name
from core.documents.text import one_line
from core.documents.xml import read_xml
from core.entries import Document, Entry
from core.errors import UnreadableDocument

_MOST_TAGS = 50
_MEMBERS = {"urlset": "url", "sitemapindex": "sitemap"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What a sitemap lists: pages, or (an index) other sitemaps with their lastmod as date."""

    is_index: bool
    entries: tuple[Entry, ...]
    complete: bool


def read_sitemap(document: Document) -> Listed:
    """Read a sitemap or an index in document order; a member without a web address is passed over.

    Raises:
        UnreadableDocument: `empty`, `not_a_sitemap` or `broken`.
    """
    try:
        xml = read_xml(document)
    except UnreadableDocument as error:
        code = "not_a_sitemap" if error.code == "not_a_feed" else error.code
        raise UnreadableDocument(code, error.detail) from None
    root = xml.root
    name = local_name(root.tag)
    if name not in _MEMBERS:
        raise UnreadableDocument("not_a_sitemap", f"its root element is <{name[:60]}>")
    # Wherever they stand: one that was left open holds its neighbours.
    members = [element for element in root.iter() if local_name(element.tag) == _MEMBERS[name]]
    if members and xml.is_cut_off(members[-1]):
        members.pop()
    entries = (_entry(member, document.url) for member in members)
    return Listed(
        is_index=name == "sitemapindex",
        entries=tuple(entry for entry in entries if entry is not None),
        complete=xml.is_whole,
    )


def _entry(member: etree._Element, base: str) -> Entry | None:
    parts = _parts(member)
    url = _address(parts.get("loc"), base)
    if url is None:
        return None
    news = _parts(parts["news"]) if "news" in parts else {}
    published_ms = parse_date(_text(news.get("publication_date")))
    keywords = _text(news.get("keywords")).split(",", _MOST_TAGS)[:_MOST_TAGS]
    return Entry(
        url=url,
        title=_text(news.get("title")),
        published_ms=published_ms if published_ms is not None else parse_date(_text(parts.get("lastmod"))),
        tags=tuple(dict.fromkeys(filter(None, map(str.strip, keywords)))),
        image=_image(parts, base),
    )


def _image(parts: dict[str, etree._Element], base: str) -> str | None:
    image = _parts(parts["image"]).get("loc") if "image" in parts else None
    if image is None and "video" in parts:
        image = _parts(parts["video"]).get("thumbnail_loc")
    return _address(image, base)


def _parts(parent: etree._Element) -> dict[str, etree._Element]:
    """Give the first child of each local name."""
    return {local_name(child.tag): child for child in reversed(parent)}


def _address(element: etree._Element | None, base: str) -> str | None:
    url = resolve(base, _text(element))
    return url if url is not None and is_web(url) else None


def _text(element: etree._Element | None) -> str:
    return "" if element is None else one_line(text_of(element))
