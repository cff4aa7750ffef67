"""What the feeds of the comparison say: RSS 2.0 and 1.0, Atom and JSON Feed.

Of twenty feeds twelve are RSS 2.0, six Atom, one RSS 1.0 and one JSON Feed. An entry brings 2.8 KB of HTML.
One feed says the same whenever it is written.
"""

import json
import random
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from typing import NamedTuple

_OF_TWENTY = ("rss",) * 12 + ("atom",) * 6 + ("rdf", "json")
_SAID = """
    the of and a to in is for on that by this with from or at as it an be are not have has was will can all
    its more one than up out so what when who about into only over new also after first two market report
    committee council river harbour letter engine winter garden station history measure price quarter reader
    minister weather machine company school doctor island museum bridge signal captain factory orchestra
"""
_WORDS = tuple(_SAID.split())
_PARAGRAPHS = 400
_OF_AN_ENTRY = 6
_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


class Entry(NamedTuple):
    """One entry, before it is written in the words of a kind."""

    url: str
    name: str
    title: str
    date: str
    """RFC 3339, UTC."""
    author: str
    tag: str
    summary: str
    content: str
    """HTML."""


def kind_of(feed: int) -> str:
    """Return `rss`, `atom`, `rdf` or `json`."""
    return _OF_TWENTY[feed % len(_OF_TWENTY)]


def document(feed: int, links: Iterable[tuple[int, str]]) -> bytes:
    """Write a feed from the numbers and addresses of its entries, the newest first."""
    return _WRITERS[kind_of(feed)](feed, [_entry(feed, number, url) for number, url in links]).encode()


def _entry(feed: int, number: int, url: str) -> Entry:
    rng = random.Random(feed * 1000 + number)
    paragraphs = [_paragraphs()[rng.randrange(_PARAGRAPHS)] for _ in range(_OF_AN_ENTRY)]
    return Entry(
        url=url,
        name=f"tag:site{feed}.example,2026:{number}",
        title=f"{' '.join(rng.choices(_WORDS, k=8)).capitalize()} & {number}",
        date=f"2026-11-{1 + number % 20:02}T{feed % 24:02}:{number % 60:02}:00Z",
        author=f"{rng.choice(_WORDS).capitalize()} {rng.choice(_WORDS).capitalize()}",
        tag=rng.choice(_WORDS),
        summary=f"{' '.join(rng.choices(_WORDS, k=30)).capitalize()}.",
        content="\n".join(paragraphs),
    )


@cache
def _paragraphs() -> list[str]:
    """Return paragraphs as blogs have them: words, a link, emphasis, now and then a picture."""
    rng = random.Random(2026)
    return [_paragraph(rng, number) for number in range(_PARAGRAPHS)]


def _paragraph(rng: random.Random, number: int) -> str:
    said = rng.choices(_WORDS, k=55)
    said[7] = f"<em>{said[7]}</em>"
    said[20] = f'<a href="https://elsewhere.example/{number}?a=1&amp;b=2" rel="nofollow">{said[20]}</a>'
    said[30] = f"&#8220;{said[30]}&#8221; &amp;"
    picture = f'<img src="/pictures/{number}.jpg" width="640" height="480" alt="">' if number % 6 == 0 else ""
    return f"<p>{picture}{' '.join(said)}.</p>"


def _rss(feed: int, entries: list[Entry]) -> str:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.url)}</link>"
        f'<guid isPermaLink="false">{one.name}</guid><pubDate>{_rfc_822(one.date)}</pubDate>'
        f"<dc:creator>{one.author}</dc:creator><category>{one.tag}</category>"
        f"<description>{one.summary}</description>"
        f"<content:encoded><![CDATA[{one.content}]]></content:encoded></item>\n"
        for one in entries
    )
    head = f"<title>Site {feed}</title><link>https://site{feed}.example/</link><description>All</description>"
    return f'<?xml version="1.0"?>\n<rss version="2.0" {_NAMESPACES}><channel>{head}{items}</channel></rss>'


def _rfc_822(date: str) -> str:
    day, time = date[8:10], date[11:19]
    return (
        f"{('Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat')[(int(day) - 1) % 7]}, {day} Nov 2026 {time} GMT"
    )


def _atom(feed: int, entries: list[Entry]) -> str:
    body = "".join(
        f'<entry><title>{escape(one.title)}</title><link rel="alternate" href="{escape(one.url)}"/>'
        f"<id>{one.name}</id><published>{one.date}</published><updated>{one.date}</updated>"
        f'<author><name>{one.author}</name></author><category term="{one.tag}"/>'
        f'<summary>{one.summary}</summary><content type="html">{escape(one.content)}</content></entry>\n'
        for one in entries
    )
    head = f"<title>Site {feed}</title><id>urn:site:{feed}</id><updated>2026-11-22T12:00:00Z</updated>"
    return f'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">{head}{body}</feed>'


def _rdf(feed: int, entries: list[Entry]) -> str:
    items = "".join(
        f'<item rdf:about="{escape(one.url)}">'
        f"<title>{escape(one.title)}</title><link>{escape(one.url)}</link>"
        f"<dc:date>{one.date}</dc:date><dc:creator>{one.author}</dc:creator><dc:subject>{one.tag}</dc:subject>"
        f"<description>{one.summary}</description>"
        f"<content:encoded><![CDATA[{one.content}]]></content:encoded></item>\n"
        for one in entries
    )
    channel = f'<channel rdf:about="https://site{feed}.example/"><title>Site {feed}</title></channel>'
    return (
        '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/" {_NAMESPACES}>{channel}{items}</rdf:RDF>'
    )


def _json(feed: int, entries: list[Entry]) -> str:
    items = [
        {
            "id": one.name,
            "url": one.url,
            "title": one.title,
            "date_published": one.date,
            "authors": [{"name": one.author}],
            "tags": [one.tag],
            "summary": one.summary,
            "content_html": one.content,
        }
        for one in entries
    ]
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": f"Site {feed}", "items": items}
    )


_WRITERS: dict[str, Callable[[int, list[Entry]], str]] = {
    "rss": _rss,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
}
