"""feedparser as the last resort: bounded, clean, without requests."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents.fallback import MOST_BYTES, fallback, read_with_feedparser
from core.entries import Document, Enclosure, Entry
from core.errors import UnreadableDocument

_URL = "https://e.org/folder/feed"


def _read(body: str) -> tuple[Entry, ...]:
    return read_with_feedparser(body.encode(), url=_URL).entries


def test_an_entry_is_mapped() -> None:
    parsed = fallback(
        Document(
            body=b"""<rss version="2.0"><channel><title>T &amp; t</title><link>/home</link>
            <item><title>A &lt;b&gt;c&lt;/b&gt;</title>
            <link>one</link><guid isPermaLink="false">g</guid><pubDate>Tue, 10 Jun 2003 04:00:00 GMT</pubDate>
            <description>&lt;p&gt;text</description><category>x</category><author>Ann</author>
            <enclosure url="/a.png" type="image/png" length="5"/></item></channel>""",
            url=_URL,
            content_type="application/rss+xml",
        )
    )
    assert (parsed.title, parsed.site_url, parsed.complete) == ("T & t", "https://e.org/home", False)
    assert parsed.entries == (
        Entry(
            id="g",
            url="https://e.org/folder/one",
            title="A c",
            summary="<p>text",
            published_ms=1_055_217_600_000,
            author="Ann",
            tags=("x",),
            image="https://e.org/a.png",
            enclosures=(Enclosure(url="https://e.org/a.png", media_type="image/png", length_bytes=5),),
        ),
    )


def test_second_choices() -> None:
    (entry,) = _read(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>https://e.org/1</id><updated>2024-01-01T00:00:00Z</updated>"
        "<content type='html'>c</content></entry></feed>"
    )
    assert (entry.url, entry.summary, entry.published_ms) == ("https://e.org/1", "c", 1_704_067_200_000)
    (entry,) = _read(
        "<rss xmlns:media='http://search.yahoo.com/mrss/'><item><guid>tag:1</guid><enclosure/>"
        "<media:thumbnail url='t.png'/></item><item/></rss>"
    )
    assert (entry.url, entry.image) == (None, "https://e.org/folder/t.png")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<item>" * MOST_BYTES, "too_large"),
        (b"<rss><channel></channel></rss>", "not_a_feed"),
        (b"/etc/passwd", "not_a_feed"),
    ],
    ids=["large", "empty", "path"],
)
def test_unreadable(body: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read_with_feedparser(body)
    assert caught.value.code == code


def test_a_body_that_is_a_path_opens_no_file(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text("<rss><item><title>secret</title></item></rss>")
    with pytest.raises(UnreadableDocument):
        read_with_feedparser(str(feed).encode())


def test_a_crash_of_feedparser_costs_this_feed_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise UnicodeEncodeError("utf-8", "", 0, 1, "surrogates")

    monkeypatch.setattr("feedparser.parse", crash)
    with pytest.raises(UnreadableDocument, match="UnicodeEncodeError"):
        _read("<rss/>")


def test_what_it_is_known_to_choke_on_is_removed() -> None:
    (entry,) = _read(
        f"<rss><item><title>a&#xD800;\x00b</title><author>{'a@b(' * 20_000}</author></item></rss>"
    )
    assert entry.title == "ab"
    assert len(entry.author or "") <= 600


_PIECES = st.sampled_from(
    [b"<rss>", b"<item>", b"</item>", b"<title>", b"&#xD800;", b"<link>/", b"<!DOCTYPE", b"\xff"]
)


@settings(max_examples=60)
@given(st.binary() | st.lists(_PIECES | st.binary(max_size=3)).map(b"".join))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(UnreadableDocument):
        str(read_with_feedparser(body, url=_URL)).encode()
