"""What must hold for any bytes whatever: one function for each thing that strangers write.

Each takes the bytes of one input, returns nothing and raises AssertionError where a property does not hold;
any other exception is a crash. `TARGETS` names them.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from core.discovery import Suggestion, choose, discover, suggest_from_url
from core.documents.charset import to_utf8
from core.documents.dates import parse_date
from core.documents.fallback import read_with_feedparser
from core.documents.text import clean_text
from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.filters.facts import LinkFacts
from core.filters.judging import decide
from core.filters.lexing import LONGEST
from core.filters.parsing import parse_rules
from core.filters.writing import write_rules
from core.hints import feed_hints, freshness_s
from core.http_headers import retry_after_s
from core.kinds import KINDS, canonical_rules, parse_as, wanted_by
from core.opml import CLOSING, BrokenList, Outline, opening, outline, outlines
from core.urls.normalize import MAX_URL_BYTES, RefusedUrl, host_of, normalize, without_secrets
from tests.fuzz.transport import fetch_from

_URL = "https://base.example/folder/page"
_YEAR_9999_MS = 253_402_300_799_999
_DEEPEST_FOLDER = 64
_LONGEST_OUTPUT = 40  # characters for each byte of input, and a base address for each link
_FREE_OUTPUT = 4_096
_PAGE = b"<html><title>T</title><ul><li><a href=/1>One</a><li><a href='2?a=b'>Two</a><li class=x>Three</ul>"
_JSON = b'{"posts": [{"url": "/1", "title": "One", "id": 5}, {"url": "/2", "tags": ["a", {"b": [1, 2]}]}]}'


def feed(data: bytes) -> None:
    """Feeds, and whatever recognises itself."""
    for kind in ("feed", "auto"):
        _parse(kind, data)


def fallback(data: bytes) -> None:
    """What is left to feedparser."""
    _check(lambda: read_with_feedparser(data, url=_URL), data, most=len(data) + 1)


def sitemap(data: bytes) -> None:
    """Sitemaps and robots files of sitemaps, packed or not."""
    _parse("sitemap", data)
    with contextlib.suppress(UnreadableDocument):
        for url in wanted_by("sitemap", Document(body=data, url=_URL)):
            _clean(url)


def page(data: bytes) -> None:
    """Lists on pages, found or selected."""
    _parse("list", data)
    _parse("list", data, '{"item": "li, div, p", "link": "a", "title": "h2, h3", "price": "b"}')


def any_json(data: bytes) -> None:
    """JSON under rules that look everywhere."""
    _parse("json", data, '{"items": "$..*"}')
    _parse("json", data, '{"items": "$.posts", "link": "$..url"}')


def discovery(data: bytes) -> None:
    """What is found behind a document, and by an address alone."""
    document = Document(body=data, url=_URL)
    found = discover(document)
    assert len(found) <= 10
    assert len({each.url for each in found}) == len(found)
    assert choose(found) in (None, *found)
    for each in (*found, *suggest_from_url(data.decode("utf-8", "surrogateescape"))):
        _suggested(each)
    for kind in KINDS.values():
        assert kind.recognise(document) in (True, False)


def rules(data: bytes) -> None:
    """Rules that people write, kept canonical and then used."""
    text = data.decode("utf-8", "replace")
    for kind, document in (("list", _PAGE), ("json", _JSON), ("feed", b"<rss/>"), ("sitemap", b"<urlset/>")):
        try:
            once = canonical_rules(kind, text)
        except UserError as error:
            assert 0 < len(str(error)) < 8_000
            continue
        assert canonical_rules(kind, once) == once
        _parse(kind, document, once)


def filters(data: bytes) -> None:
    """Rules that people write: refused with a place, or written back as the same ones, and judged."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        read = parse_rules(text)
    except UserError as error:
        assert 0 < len(str(error)) < 1_000
        str(error).encode()
        return
    written = write_rules(read)
    if len(written) <= LONGEST:
        assert parse_rules(written) == read
    for final in (False, True):
        link = LinkFacts(url=_URL, title=text[:200], summary=text[:200], tags=(text[:20],), final=final)
        decision = decide([read], link)
        assert not (final and decision.undecided)


def opml(data: bytes) -> None:
    """Lists of subscriptions, in pieces of any size; what is found can be written, and is read again."""
    for size in (max(7, len(data) // 1_000), 1_000, len(data) + 1):
        found: list[Outline] = []
        try:
            found.extend(outlines(data[at : at + size] for at in range(0, len(data), size)))
        except BrokenList as error:
            assert 0 < len(str(error)) < 1_000
            str(error).encode()
        assert len(found) <= len(data)
        for each in found[:20]:
            assert each.url
            assert 0 < each.line <= len(data)
            assert len(each.folders) < _DEEPEST_FOLDER
            written = "".join((opening("T"), outline(each), CLOSING)).encode()
            assert len(list(outlines([written]))) <= 1


def urls(data: bytes) -> None:
    """Normalized addresses are stable, bounded, and hold no secret."""
    text = data.decode("utf-8", "surrogateescape")
    _clean(host_of(text))
    shown = without_secrets(text)
    assert "?" not in shown.removesuffix("?…")
    try:
        key = normalize(text)
    except RefusedUrl as error:
        assert error.reason in {"too_long", "not_a_url", "not_http", "no_host", "no_dot"}
        return
    assert normalize(key) == key
    assert key.isascii()
    assert len(key) <= MAX_URL_BYTES
    assert key.startswith(("http://", "https://"))


def dates(data: bytes) -> None:
    """Dates and periods are in range or absent."""
    text = data.decode("utf-8", "surrogateescape")
    moment_ms = parse_date(text)
    assert moment_ms is None or -2_300_000_000_000 < moment_ms <= _YEAR_9999_MS
    assert parse_date(f" {text}\n") == moment_ms or len(text) > 70
    wait_s = retry_after_s(text, now_ms=1_700_000_000_000)
    assert wait_s is None or 0 <= wait_s <= 86_400 * 366
    assert freshness_s(text, text, now_ms=1_700_000_000_000) >= 0
    parts = tuple(text.split("/"))
    feed_hints(ttl=text, update_period=text, update_frequency=text, skip_hours=parts, skip_days=parts)


def charset(data: bytes) -> None:
    """The first byte chooses what the server claims; the rest is the document."""
    claims = ("", "text/html; charset=windows-1251", "text/xml; charset=utf-16", "a; charset=iso-2022-jp")
    claim = claims[data[0] % len(claims)] if data else ""
    for is_html in (False, True):
        text = to_utf8(data[1:], claim, is_html=is_html).decode("utf-8")
        assert len(text) <= len(data)


def transport(data: bytes) -> None:
    """Whatever a server sends is an outcome, within the limits."""
    fetched = fetch_from(data)
    assert fetched.status in {"ok", "not_modified", "failed", "gone"}
    assert len(fetched.body) <= 10_000
    assert (fetched.error is None) == (fetched.status in {"ok", "not_modified"})
    for text in (fetched.url, *(hop.url for hop in fetched.hops)):
        text.encode("ascii")


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            feed,
            fallback,
            sitemap,
            page,
            any_json,
            discovery,
            rules,
            filters,
            opml,
            urls,
            dates,
            charset,
            transport,
        )
    }
)


def _parse(kind: str, body: bytes, rules_text: str = "{}") -> None:
    # The rules of lists and JSON may ask for the same part again and again.
    most = len(body) if kind in ("feed", "sitemap") else None
    _check(lambda: parse_as(kind, Document(body=body, url=_URL), rules_text), body, most=most)


def _check(read: Callable[[], ParsedDocument], body: bytes, *, most: int | None) -> None:
    """Read, and look at all that was read, of at most `most` entries."""
    try:
        parsed = read()
    except UnreadableDocument as error:
        assert error.code.isidentifier()
        _clean(error.detail)
        return
    size = 0
    for text in _texts(parsed):
        _clean(text)
        size += len(text)
    if most is not None:
        assert size <= len(body) * _LONGEST_OUTPUT + _FREE_OUTPUT
        assert len(parsed.entries) <= most


def _texts(parsed: ParsedDocument) -> Iterator[str]:
    yield parsed.title
    yield parsed.site_url or ""
    for entry in parsed.entries:
        assert entry != Entry()
        assert entry.published_ms is None or abs(entry.published_ms) <= _YEAR_9999_MS
        yield from (entry.id or "", entry.url or "", entry.title, entry.author or "", entry.image or "")
        yield entry.summary
        yield from entry.tags
        for file in entry.enclosures:
            assert file.length_bytes is None or 0 <= file.length_bytes < 2**63
            yield from (file.url, file.media_type)
        assert "\n" not in entry.title


def _clean(text: str) -> None:
    assert clean_text(text) == text
    text.encode()


def _suggested(suggestion: Suggestion) -> None:
    assert suggestion.kind in KINDS
    for text in (suggestion.url, suggestion.title, suggestion.why):
        _clean(text)
    assert canonical_rules(suggestion.kind, suggestion.rules) == suggestion.rules
