"""Which documents are read where, with the same outcome."""

from dataclasses import replace
from io import BytesIO

import pytest
import trio
from PIL import Image

from actors.reader.reading import InlineReader, Reader, process_reader
from core.entries import Document, Further
from core.errors import UnreadableDocument
from core.pictures.chart import Chart, draw, pack, titles
from tests.actors.reader.conftest import HONEST, document

_PADDING = b"<!--" + b"x" * 1_000_000 + b"-->"
_ENTRY = b"""<entry xmlns="http://www.w3.org/2005/Atom"><id>tag:1</id><link href="/1"/>
<title>One &amp; two</title>
<summary type="html">&lt;p&gt;Text \xe2\x80\x94 of %d&lt;/p&gt;</summary>
<updated>2024-01-02T03:04:05Z</updated>
<author><name>Ann</name></author><category term="a"/><category term="b"/>
<link rel="enclosure" href="/a.png" type="image/png" length="5"/></entry>"""
_FEED = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link href="/"/>%s%s</feed>'
_HINTED = (
    b"<rss><channel><ttl>60</ttl><skipHours><hour>3</hour></skipHours><skipDays><day>Monday</day></skipDays>"
)
_END = b"</description></item></channel></rss>"
_PAGE = b'<!DOCTYPE html><link rel=alternate type="application/rss+xml" href="/feed" title="F">%s'
_INDEX = b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap>%s</sitemapindex>"


async def test_pictures_are_made_by_the_worker() -> None:
    written = BytesIO()
    Image.new("RGB", (200, 100), "teal").save(written, "WEBP")
    async with process_reader() as reader:
        made = await reader.picture(document(written.getvalue()))
        assert reader._workshop._worker is not None  # type: ignore[attr-defined]
        with pytest.raises(UnreadableDocument, match="not_a_picture"):
            await reader.picture(document(b"no picture"))
        chart = Chart(days=["01.11"], posts=[3], repeats=[1], delays_s=[9], sources=[("news.example", 3)])
        drawn = await reader.chart(document(pack(chart, "dark")))
        assert drawn == draw(chart, titles(chart), theme="dark")
    assert made == await InlineReader().picture(document(written.getvalue()))
    assert made.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("auto", _FEED % (_PADDING, _ENTRY % 1)),
        ("feed", _FEED % (_PADDING, b"".join(_ENTRY % n for n in range(500)))),
        (
            "feed",
            _HINTED + _PADDING + b"<item><title>no address</title><description>" + b"x" * 99_999 + _END,
        ),
        ("sitemap", b"<urlset>" + _PADDING + b"<url><loc>/1</loc></url></urlset>"),
        ("list", b"<html><ul>" + b"".join(b"<li><a href=/%d>A title</a>" % n for n in range(201))),
    ],
    ids=["one", "many", "hints", "sitemap", "list"],
)
async def test_worker_reads_as_this_process_does(kind: str, body: bytes) -> None:
    async with process_reader() as reader:
        there = await reader.read(kind, document(body), "{}")
        assert reader._workshop._worker is not None  # type: ignore[attr-defined]
    assert there == await InlineReader().read(kind, document(body), "{}")
    assert there.entries


async def test_long_summaries_are_sent_as_far_as_they_are_shown() -> None:
    summary = b"<description>" + b"y" * 50_000 + b"</description>"
    body = (
        b"<rss>"
        + _PADDING
        + b"<item><link>/1</link>"
        + summary
        + b"</item><item>"
        + summary
        + b"</item></rss>"
    )
    async with process_reader() as reader:
        linked, unlinked = (await reader.read("feed", document(body), "{}")).entries
    assert len(linked.summary) == 16_000
    assert len(unlinked.summary) == 50_000, "an entry without an address is known by its words"


@pytest.mark.parametrize("padding", [b"", _PADDING], ids=["light", "heavy"])
async def test_other_questions(padding: bytes) -> None:
    async with process_reader() as reader:
        index = document(_INDEX % padding)
        assert await reader.wanted("sitemap", index) == Further(dates={"https://e.org/a.xml": None})
        cut = replace(index, body=index.body[:-4])
        assert await reader.wanted("sitemap", cut) == Further(
            dates={"https://e.org/a.xml": None}, complete=False
        )
        assert await reader.wanted("feed", document(HONEST + padding)) == Further()
        (found,) = await reader.discover(document(_PAGE % padding))
        assert (found.kind, found.url, found.title) == ("feed", "https://e.org/feed", "F")
        with pytest.raises(UnreadableDocument, match="not_a_sitemap"):
            await reader.wanted("sitemap", document(HONEST + padding))


_STRANGE = b"<opml><item><link>https://e.org/1</link></item></opml>"


async def test_nothing_found_asks_for_a_second_opinion() -> None:
    """feedparser finds entries anywhere, but runs in the worker only."""
    with pytest.raises(UnreadableDocument, match="broken"):
        await InlineReader().read("feed", document(_STRANGE), "{}")
    async with process_reader() as reader:
        parsed = await reader.read("feed", document(_STRANGE), "{}")
        assert ([entry.url for entry in parsed.entries], parsed.complete) == (["https://e.org/1"], False)
        with pytest.raises(UnreadableDocument, match="broken"):
            await reader.read("feed", document(_STRANGE.replace(b"<item>", b" " * 300_000 + b"<item>")), "{}")


async def test_second_opinion_that_costs_too_much_is_none() -> None:
    async with process_reader() as reader:
        reader._workshop._wall_s = 0.0  # type: ignore[attr-defined]
        with pytest.raises(UnreadableDocument, match="broken"):
            await reader.read("feed", document(_STRANGE), "{}")


async def test_page_that_costs_too_much_offers_nothing() -> None:
    async with process_reader() as reader:
        reader._workshop._wall_s = 0.0  # type: ignore[attr-defined]
        assert await reader.discover(document(_PAGE % _PADDING)) == ()


async def _busy(reader: Reader, body: Document) -> None:
    assert (await reader.read("feed", body, "{}")).entries


async def test_heavy_documents_take_turns() -> None:
    async with process_reader() as reader:
        with trio.fail_after(60):
            async with trio.open_nursery() as nursery:
                for _ in range(5):
                    nursery.start_soon(_busy, reader, document(_FEED % (_PADDING, _ENTRY % 1)))
