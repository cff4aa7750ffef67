"""Entries as documents: RSS 2.0, RSS 1.0 (RDF), Atom, JSON Feed; and sitemaps, pages, an API."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from simulation.feeds.entry import Entry

Format = Literal["rss", "atom", "json", "rdf", "sitemap", "index", "list", "api"]

CONTENT_TYPES: dict[Format, str] = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
    "rdf": "application/rdf+xml; charset=utf-8",
    "sitemap": "application/xml",
    "index": "application/xml",
    "list": "text/html; charset=utf-8",
    "api": "application/json",
}
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
PART_SIZE = 5
"""Entries in each sitemap of an index."""
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def document(form: Format, *, title: str, url: str, home: str, entries: list[Entry]) -> bytes:
    """The document of a feed, entries in the order given."""
    writer: dict[Format, Callable[[str, str, str, list[Entry]], str]] = {
        "rss": _rss,
        "atom": _atom,
        "json": _json,
        "rdf": _rdf,
        "sitemap": _sitemap,
        "index": _index,
        "list": _list,
        "api": _api,
    }
    return writer[form](title, url, home, entries).encode()


def http_date(at: float) -> str:
    """A time as HTTP says it."""
    return format_datetime(_utc(at), usegmt=True)


def _tag(name: str, text: str, **attributes: str) -> str:
    said = "".join(f" {key.replace('_', ':')}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{said}>{escape(NOT_XML.sub('', text))}</{name}>" if text else f"<{name}{said}/>"


def _rss(title: str, url: str, home: str, entries: list[Entry]) -> str:
    items = "".join(f"<item>{_rss_fields(one)}</item>\n" for one in entries)
    self_link = _tag("atom:link", "", rel="self", href=url, type="application/rss+xml")
    head = _tag("title", title) + _tag("link", home) + _tag("description", title) + self_link
    spaces = (
        'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/"'
    )
    return f'{DECLARATION}<rss version="2.0" {spaces}><channel>{head}\n{items}</channel></rss>'


def _rss_fields(one: Entry) -> str:
    fields = [
        _tag("title", one.title),
        _tag("link", one.link),
        _tag("guid", one.guid, isPermaLink="false"),
        _tag("pubDate", format_datetime(_utc(one.published))),
        _tag("dc:creator", one.author),
        _tag("description", one.summary),
    ]
    if one.image:
        fields.append(_tag("media:thumbnail", "", url=one.image))
    return "".join(fields)


def _rdf(title: str, url: str, home: str, entries: list[Entry]) -> str:
    order = "".join(_tag("rdf:li", "", rdf_resource=one.link) for one in entries)
    items = "".join(
        f"<item rdf:about={quoteattr(one.link)}>"
        f"{_tag('title', one.title)}{_tag('link', one.link)}{_tag('description', one.summary)}"
        f"{_tag('dc:date', _utc(one.published).isoformat())}{_tag('dc:creator', one.author)}</item>\n"
        for one in entries
    )
    spaces = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return (
        f"{DECLARATION}<rdf:RDF {spaces}><channel rdf:about={quoteattr(url)}>"
        f"{_tag('title', title)}{_tag('link', home)}{_tag('description', title)}"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>"
    )


def _atom(title: str, url: str, home: str, entries: list[Entry]) -> str:
    newest = max((one.published for one in entries), default=0.0)
    head = (
        _tag("id", url)
        + _tag("title", title)
        + _tag("updated", _utc(newest).isoformat())
        + _tag("link", "", rel="self", href=url)
        + _tag("link", "", href=home)
    )
    items = "".join(f"<entry>{_atom_fields(one)}</entry>\n" for one in entries)
    return f'{DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom">{head}\n{items}</feed>'


def _atom_fields(one: Entry) -> str:
    date = _utc(one.published).isoformat()
    fields = [
        _tag("id", one.guid),
        _tag("title", one.title, type="text"),
        _tag("link", "", rel="alternate", href=one.link),
        _tag("published", date),
        _tag("updated", date),
        f"<author>{_tag('name', one.author)}</author>",
        _tag("summary", one.summary, type="html"),
    ]
    if one.image:
        fields.append(_tag("link", "", rel="enclosure", type="image/jpeg", href=one.image))
    return "".join(fields)


def _json(title: str, url: str, home: str, entries: list[Entry]) -> str:
    items = [
        {
            "id": one.guid,
            "url": one.link,
            "title": one.title,
            "content_html": one.summary,
            "date_published": _utc(one.published).isoformat(),
            "authors": [{"name": one.author}],
            **({"image": one.image} if one.image else {}),
        }
        for one in entries
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": home}
    return json.dumps({**head, "feed_url": url, "items": items}, ensure_ascii=False)


def part_number(one: Entry) -> int:
    """The number of the sitemap in which an index keeps an entry."""
    return (one.number - 1) // PART_SIZE + 1


def part_url(home: str, number: int) -> str:
    """The address of a sitemap of an index."""
    return f"{home}sitemap-{number}.xml"


def _sitemap(_title: str, _url: str, _home: str, entries: list[Entry]) -> str:
    pages = "".join(
        f"<url>{_tag('loc', one.link)}{_tag('lastmod', _utc(one.published).isoformat())}</url>\n"
        for one in reversed(entries)
    )
    return f'{DECLARATION}<urlset xmlns="{SITEMAPS}">{pages}</urlset>'


def _index(_title: str, _url: str, home: str, entries: list[Entry]) -> str:
    newest = {part_number(one): one.published for one in reversed(entries)}
    parts = "".join(
        f"<sitemap>{_tag('loc', part_url(home, number))}{_tag('lastmod', _utc(at).isoformat())}</sitemap>\n"
        for number, at in newest.items()
    )
    return f'{DECLARATION}<sitemapindex xmlns="{SITEMAPS}">{parts}</sitemapindex>'


def _list(title: str, _url: str, home: str, entries: list[Entry]) -> str:
    items = "".join(
        f'<li class="item"><a href={quoteattr(one.link)}>{escape(one.title)}</a></li>\n' for one in entries
    )
    menu = f'<nav><a href="{escape(home)}">Home</a></nav>'
    head = f"<meta charset=utf-8><title>{escape(title)}</title>"
    return f"<!doctype html><html><head>{head}</head><body>{menu}<ul>{items}</ul></body></html>"


def _api(title: str, _url: str, _home: str, entries: list[Entry]) -> str:
    items = [
        {"key": one.guid, "where": one.link, "what": one.title, "when": int(one.published)} for one in entries
    ]
    return json.dumps({"name": title, "data": {"things": items}}, ensure_ascii=False)


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(int(at), UTC)
