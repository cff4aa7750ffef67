"""Which pages are read where, with the same outcome."""

from typing import Any

import pytest
import trio

from actors.reader import wire
from actors.reader.pages import pack_page, unpack_page
from actors.reader.reading import InlineReader, WorkshopReader, process_reader
from actors.reader.workshop import Workshop
from core.entries import Document
from core.errors import UnreadableDocument
from core.pages.page import Page
from tests.actors.reader.conftest import OpenWorkshop

_LAMP = b"""<div itemscope itemtype="https://schema.org/Product"><b itemprop=name>Lamp &amp; shade</b>
<p itemprop=offers itemscope itemtype="https://schema.org/Offer"><b itemprop=price content="119.99">119</b>
<i itemprop=priceCurrency content="EUR"></i></p>
<p itemprop=aggregateRating itemscope itemtype="https://schema.org/AggregateRating">
<b itemprop=ratingValue>4.5</b>
<b itemprop=reviewCount>12</b></p></div>"""
_TITLE = b"<title>Shop</title>"
_WHOLE_HEAD = _TITLE + b"".join(
    b'<meta property="%b" content="%b">' % each
    for each in (
        (b"og:title", b"Lamp"),
        (b"og:description", b"It gives light"),
        (b"og:image", b"/lamp.png"),
        (b"article:published_time", b"2026-11-01T10:00:00Z"),
    )
)
_MUCH = b"<p>word</p>" * 3_000


def page(head: bytes, body: bytes) -> Document:
    markup = b"<!DOCTYPE html><html lang=en><head>%b</head><body>%b</body></html>" % (head, body)
    return Document(body=markup, url="https://shop.example/lamp", content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("document", "elsewhere"),
    [
        (page(_TITLE, _LAMP), False),
        (page(_TITLE, _LAMP + _MUCH), True),
        (page(_WHOLE_HEAD, _LAMP + _MUCH), False),
        (page(_TITLE, _MUCH), False),
        (page(_WHOLE_HEAD, b"x" * 1_000_000), True),
    ],
    ids=["light", "many elements", "all is in the head", "describes none", "long"],
)
async def test_heavy_pages_are_read_by_the_worker(document: Document, elsewhere: bool) -> None:
    async with trio.open_nursery() as nursery:
        workshop = Workshop(nursery)
        found = await WorkshopReader(workshop).page(document)
        assert (workshop.worker_pid is not None) is elsewhere
        nursery.cancel_scope.cancel()
    assert found == await InlineReader().page(document)
    if b"itemprop" in document.body and b"og:" not in document.body:
        assert (found.title, found.price, found.rating, found.reviews) == ("Lamp & shade", "119.99", 4.5, 12)


async def test_a_wall_is_refused_by_the_worker_too() -> None:
    async with process_reader() as reader:
        with pytest.raises(UnreadableDocument) as refused:
            await reader.page(page(b"<title>Just a moment...</title>", b"_cf_chl_opt" + b" " * 1_000_000))
    assert refused.value.code == "challenge"


async def test_a_page_that_kills_the_worker_says_what_its_head_says(workshop: OpenWorkshop) -> None:
    async with workshop("--memory-bytes=1") as broken:
        found = await WorkshopReader(broken).page(page(_TITLE, _LAMP + _MUCH))
    assert found == Page(title="Shop", language="en")


def test_all_of_a_page_comes_through() -> None:
    whole = Page(
        title="T\u2028",
        description="D",
        image="https://e.org/i.png",
        canonical="https://e.org/",
        aliases=("https://e.org/", "https://e.org/2"),
        site="S",
        author="A",
        published_ms=-5,
        language="en",
        tags=("a", "ё"),
        price="1.00",
        currency="EUR",
        old_price="2.00",
        discount=50,
        availability="in_stock",
        rating=4.5,
        reviews=7,
    )
    for each in (whole, Page()):
        assert unpack_page(wire.decode(wire.encode(pack_page(each)))) == each


@pytest.mark.parametrize(
    "said",
    [
        {"title": 5},
        {"title": None},
        {"image": ["x"]},
        {"tags": "abc"},
        {"aliases": [None]},
        {"rating": "4.5"},
        {"reviews": 1.5},
        {"discount": True},
        {"no_such_field": "x"},
        {5: "x"},
    ],
    ids=str,
)
def test_a_worker_that_does_not_keep_to_the_form(said: dict[Any, Any]) -> None:
    with pytest.raises(UnreadableDocument):
        wire.checked(lambda: unpack_page(said))
