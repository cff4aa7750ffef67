"""Documents to measure with: honest feeds of a wanted size, and hostile ones of each sort."""

from collections.abc import Callable, Iterator

_TEXT = (
    "The committee met on Tuesday to consider the report, and adopted it without changes after a short "
    "debate; members asked for figures of the last quarter, which are expected before the next session. "
)
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
    "<channel><title>The Daily Measure</title><link>https://news.example/</link>"
    "<description>All that can be counted</description><ttl>60</ttl>\n"
)
_TAIL = "</channel></rss>\n"


def honest_rss(entries: int, entry_bytes: int = 2_050) -> bytes:
    """Give a feed as blogs have it: escaped HTML as summary, the text in CDATA, dates, authors, tags."""
    return (_HEAD + "".join(_item(n, entry_bytes) for n in range(entries)) + _TAIL).encode()


def _item(number: int, size: int) -> str:
    url = f"https://news.example/2026/11/{number}/the-committee-met-on-tuesday"
    head = (
        f"<item><title>Committee adopts report No. {number} &amp; adjourns</title>\n<link>{url}</link>\n"
        f'<guid isPermaLink="false">https://news.example/?p={number}</guid>\n'
        "<dc:creator>Ann Writer</dc:creator>\n"
        f"<pubDate>Tue, {number % 28 + 1:02} Oct 2026 {number % 24:02}:04:05 +0000</pubDate>\n"
        "<category>Politics</category><category>Committees</category>\n"
        f"<description>&lt;p&gt;{_TEXT[:120]}&lt;/p&gt;</description>\n<content:encoded><![CDATA[<p>"
    )
    tail = "</p>]]></content:encoded>\n</item>\n"
    room = size - len(head) - len(tail)
    paragraph = f'{_TEXT}</p>\n<p>See <a href="{url}">the report</a>. '
    return head + (paragraph * (room // len(paragraph) + 1))[:room].rpartition("<")[0] + tail


def hostile(size: int) -> Iterator[tuple[str, bytes]]:
    """Yield documents of about this size that cost a reader more than others, with their names."""
    rss = ("<rss><channel>", "</channel></rss>")
    item = ("<rss><channel><item><guid>1</guid>", "</item></channel></rss>")
    title = ("<rss><channel><item><title>", "</title></item></channel></rss>")
    yield "tiny items", _fill(size, lambda n: f"<item><link>{n}</link></item>", *rss)
    based = ('<rss xml:base="http://a.example/b/c/"><channel>', rss[1])
    yield "relative links", _fill(size, lambda n: f"<item><link>{n}/../x</link></item>", *based)
    yield "items of JSON", _fill(size, lambda n: f'{{"id":"{n}"}},', '{"items":[', '{"id":"x"}]}')
    yield "depth of JSON", b'{"items":' + b'[{"a":' * (size // 6)
    yield "depth", _fill(size, lambda _: "<a>", *item)
    yield "attributes", _fill(size, lambda n: f" a{n}='1'", "<rss><item", "><guid>1</guid></item></rss>")
    yield "namespaces", _fill(size, lambda n: f"<a{n}:x xmlns:a{n}='u:{n}'>", *item)
    yield "undeclared prefixes", _fill(size, lambda n: f"<a{n}:b/>", *item)
    yield "enclosures", _fill(size, lambda n: f'<enclosure url="{n}"/>', *item)
    yield "authors", _fill(size, lambda n: f"<author>a@b{n}(c)</author>", *item)
    yield "long author", _fill(size, lambda _: "a@b(", item[0] + "<author>", "</author>" + item[1])
    yield "undefined entities", _fill(size, lambda _: "&nbsp;", *title)
    yield "ampersands", _fill(size, lambda _: "&", *title)
    yield "open brackets", _fill(size, lambda _: "<", *title)
    yield "left open", _fill(size, lambda n: f"<item><guid>{n}", *rss)
    yield (
        "odd dates",
        _fill(size, lambda _: "<item><guid>1</guid><pubDate>Di, 2 Xyz 2024</pubDate></item>", *rss),
    )
    yield "one text", _fill(size, lambda _: "x", *title)
    xhtml = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div>'
    yield "XHTML", _fill(size, lambda _: "<b>x</b>", xhtml, "</div></content></entry></feed>")
    laughs = '<!DOCTYPE rss [<!ENTITY e0 "ha">'
    yield (
        "entities",
        _fill(size, lambda n: f'<!ENTITY e{n + 1} "&e{n};&e{n};">', laughs, f"]>{title[0]}&e9;{title[1]}"),
    )
    yield "sitemap", _fill(size, lambda n: f"<url><loc>/{n}</loc></url>", "<urlset>", "</urlset>")
    yield "list", _fill(size, lambda n: f"<li><a href=/{n}>Title {n}</a>", "<!DOCTYPE html><ul>", "</ul>")


def _fill(size: int, unit: Callable[[int], str], head: str, tail: str) -> bytes:
    pieces, used, number = [head], len(head) + len(tail), 0
    while used < size:
        piece = unit(number)
        pieces.append(piece)
        used += len(piece)
        number += 1
    return "".join([*pieces, tail]).encode()
