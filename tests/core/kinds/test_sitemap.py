"""The kind "sitemap": indexes, order, bounds, hostile documents."""

import contextlib
import gzip
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.candidates import candidates_of
from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument
from core.kinds import sitemap
from core.kinds.sitemap import Sitemap, is_unchanged, merge
from core.protocol import Validators

DAY_MS = 86_400_000

_SITEMAP = Sitemap()
_URL = "https://e.org/sitemap.xml"


def _document(body: bytes | str) -> Document:
    return Document(body=body if isinstance(body, bytes) else body.encode(), url=_URL)


def _urlset(*pages: tuple[str, str]) -> str:
    return "<urlset>" + "".join(f"<url>{_fields(*page)}</url>" for page in pages) + "</urlset>"


def _index(*children: tuple[str, str]) -> str:
    members = "".join(f"<sitemap>{_fields(*child)}</sitemap>" for child in children)
    return f"<sitemapindex>{members}</sitemapindex>"


def _fields(loc: str, lastmod: str) -> str:
    return f"<loc>{escape(loc)}</loc>" + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")


def _urls(parsed: ParsedDocument) -> list[str | None]:
    return [entry.url for entry in parsed.entries]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (gzip.compress(b" ", mtime=0), "empty"),
        (b"<html><body>", "not_a_sitemap"),
        (b"<rss><channel/></rss>", "not_a_sitemap"),
        (b"just words", "not_a_sitemap"),
        (b"<?xml version='1.0'?>", "broken"),
        (b"\x1f\x8bdamaged", "bad_encoding"),
        (gzip.compress(b"0" * 20_000_000, mtime=0), "too_large"),
        (gzip.compress(b"0" * 6_000_000, mtime=0) * 2, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_unreadable(body: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        _SITEMAP.parse(_document(body))
    assert caught.value.code == code


def test_a_gzip_file_of_very_many_members_is_cut_short() -> None:
    # Each member costs a copy of all that follows it: without a bound 10 MB would take a minute.
    whole = _urlset(("https://e.org/1", "")).encode()
    many = gzip.compress(whole, mtime=0) + gzip.compress(b"", mtime=0) * 5_000
    parsed = _SITEMAP.parse(_document(many))
    assert _urls(parsed) == ["https://e.org/1"]
    few = _SITEMAP.parse(_document(gzip.compress(whole, mtime=0) + gzip.compress(b"", mtime=0) * 5))
    assert (parsed.complete, few.complete) == (False, True)


def test_newest_children_come_first() -> None:
    dated = _index(
        ("https://e.org/a", "2024-01-01"), ("https://e.org/b", ""), ("/c", "2024-03-01"), ("d", "")
    )
    assert _SITEMAP.wanted(_document(dated)) == (
        "https://e.org/c",
        "https://e.org/a",
        "https://e.org/d",
        "https://e.org/b",
    )
    assert _SITEMAP.wanted(_document(_urlset(("https://e.org/1", "")))) == ()


def test_children_are_bounded_and_asked_for_once() -> None:
    many = _index(*[(f"https://e.org/{n % 100}", "") for n in range(1000)], (_URL, "2099-01-01"))
    wanted = _SITEMAP.wanted(_document(many))
    assert len(wanted) == len(set(wanted)) == sitemap.MOST_CHILDREN
    assert _URL not in wanted
    assert wanted[0] == "https://e.org/99"


def test_index_has_no_entries_of_its_own() -> None:
    assert _SITEMAP.parse(_document(_index(("https://e.org/a", "")))).entries == ()


@pytest.mark.parametrize(
    ("listed_ms", "read", "unchanged"),
    [
        (5 * DAY_MS, Validators(body_hash=b"x", listed_ms=5 * DAY_MS), True),
        (6 * DAY_MS, Validators(body_hash=b"x", listed_ms=5 * DAY_MS), False),
        (4 * DAY_MS, Validators(body_hash=b"x", listed_ms=5 * DAY_MS), False),
        (None, Validators(body_hash=b"x"), False),
        (5 * DAY_MS, Validators(body_hash=b"x"), False),
        (5 * DAY_MS, Validators(listed_ms=5 * DAY_MS), False),
        (9 * DAY_MS, Validators(body_hash=b"x", listed_ms=9 * DAY_MS), False),
        (99 * DAY_MS, Validators(body_hash=b"x", listed_ms=99 * DAY_MS), False),
    ],
    ids=["same", "newer", "older", "undated", "undated then", "not read", "of these days", "of the future"],
)
def test_a_sitemap_with_the_lastmod_of_its_last_look_has_not_changed(
    listed_ms: int | None, read: Validators, unchanged: bool
) -> None:
    assert is_unchanged(listed_ms, read, now_ms=10 * DAY_MS) is unchanged


def test_too_many_pages_leave_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_ENTRIES", 2)
    first = _urlset(
        ("https://e.org/3", "2024-01-03"), ("https://e.org/2", "2024-01-02"), ("https://e.org/1", "")
    )
    assert _urls(_SITEMAP.parse(_document(first))) == ["https://e.org/3", "https://e.org/2"]
    last = _urlset(("https://e.org/1", ""), ("https://e.org/2", ""), ("https://e.org/3", ""))
    assert _urls(_SITEMAP.parse(_document(last))) == ["https://e.org/2", "https://e.org/3"]


def _child(*entries: tuple[str, int | None]) -> ParsedDocument:
    made = (Entry(url=f"https://e.org/{name}", published_ms=date) for name, date in entries)
    return ParsedDocument(kind="sitemap", entries=tuple(made))


@pytest.mark.parametrize(
    ("children", "order"),
    [
        ([_child(("c", None), ("b", None)), _child(("a", None))], "abc"),
        ([_child(("b", 2), ("d", 4)), _child(("a", 1), ("c", 3))], "abcd"),
        ([_child(("b", 5), ("c", 5)), _child(("a", 5))], "acb"),
        ([_child(("c", 5), ("d", 5)), _child(("a", 1), ("b", 2))], "abcd"),
        ([], ""),
    ],
)
def test_merged_children_are_published_oldest_first(children: list[ParsedDocument], order: str) -> None:
    candidates, _ = candidates_of(merge(children), source_id=1)
    assert [each.url[-1] for each in candidates] == list(order)


def test_what_breaks_off_is_not_complete() -> None:
    whole = _urlset(("https://e.org/1", ""), ("https://e.org/long", "")).encode()
    cut = _SITEMAP.parse(_document(whole[: whole.index(b"ng</loc>")]))
    assert (_urls(cut), cut.complete) == (["https://e.org/1"], False)
    half = _SITEMAP.parse(_document(gzip.compress(whole, mtime=0)[:-9]))
    assert not half.complete
    damaged = gzip.compress(b"x", mtime=0)[:-8] + b"\x00" * 8
    assert not _SITEMAP.parse(_document(gzip.compress(whole, mtime=0) + damaged)).complete


def test_second_member_of_a_gzip_file_is_read() -> None:
    whole = _urlset(("https://e.org/1", ""), ("https://e.org/2", "")).encode()
    body = gzip.compress(whole[:30], mtime=0) + gzip.compress(whole[30:])
    assert len(_SITEMAP.parse(_document(body)).entries) == 2


@pytest.mark.parametrize("url", ["https://e.org/sitemap.xml", "https://e.org/sitemap-news.xml.gz?x=1"])
def test_addresses_that_say_so(url: str) -> None:
    assert _SITEMAP.recognise_url(url)
    assert not _SITEMAP.recognise_url("https://e.org/page")


def test_fifty_thousand_pages_are_read() -> None:
    body = _urlset(*[(f"https://e.org/{n}", "2024-01-01") for n in range(50_000)])
    assert len(_SITEMAP.parse(_document(body)).entries) == 50_000


_PAGES = st.lists(
    st.tuples(
        st.from_regex(r"https://e\.org/[a-z0-9]{0,9}(\?a=[0-9]{1,3}&b=%C3)?", fullmatch=True),
        st.sampled_from(["", "2024-01-02", "2024-01-02T03:04:05Z"]),
    ),
    max_size=8,
)


@given(_PAGES, st.booleans())
def test_what_is_written_is_read(pages: list[tuple[str, str]], zipped: bool) -> None:
    body = _urlset(*pages).encode()
    parsed = _SITEMAP.parse(_document(gzip.compress(body, mtime=0) if zipped else body))
    assert _urls(parsed) == [loc for loc, _ in pages]
    assert [entry.published_ms is not None for entry in parsed.entries] == [bool(date) for _, date in pages]


_PIECES = st.sampled_from(
    [
        b"<url>",
        b"</url>",
        b"<loc>",
        b"</loc>",
        b"http://a/",
        b"<urlset>",
        b"<sitemap>",
        b"&",
        b"<news:news>",
        b"\x00",
    ]
)


@given(
    st.binary() | st.lists(_PIECES | st.binary(max_size=3)).map(b"".join),
    st.sampled_from([b"", b"<urlset>", b"<sitemapindex>", b"\x1f\x8b\x08\x00"]),
    st.booleans(),
)
def test_any_bytes_are_read_or_refused(body: bytes, start: bytes, zipped: bool) -> None:
    document = _document(gzip.compress(start + body, mtime=0) if zipped else start + body)
    _SITEMAP.recognise(document)
    with contextlib.suppress(UnreadableDocument):
        _SITEMAP.wanted(document)
    with contextlib.suppress(UnreadableDocument):
        _SITEMAP.parse(document)
