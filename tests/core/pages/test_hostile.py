"""Pages made to harm their reader: bounded in time and size, and clean."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.entries import Document
from core.errors import UnreadableDocument
from core.pages.enough import enough
from core.pages.page import Page
from core.pages.reading import read_page
from core.pages.refusal import refusal
from tests.core.pages.conftest import URL

_HEAD = "<html><head><title>T</title>"
_LD = '<script type="application/ld+json">'
_NUMBER = "9" * 5_000


def _each(count: int, form: str) -> str:
    return "".join(form.replace("#", str(number)) for number in range(count))


_PAGES: dict[str, Callable[[], str]] = {
    "depth": lambda: _HEAD + "<body>" + "<div>" * 100_000,
    "depth of items": lambda: _HEAD + "<body>" + "<div itemscope itemprop=a>" * 80_000,
    "depth of things": lambda: _HEAD + "<body vocab=https://schema.org>" + "<b typeof=A property=b>" * 80_000,
    "texts within texts": lambda: _HEAD + "<b itemscope>" + "<p><b itemprop=a>" * 100 + "x" * 1_000_000,
    "references": lambda: _HEAD + "<b itemscope itemref='a b c'>" * 300 + "<p id=a itemprop=b>" * 3_000,
    "metas": lambda: _HEAD + _each(100_000, "<meta property='og:x#' content=v>"),
    "metas of one name": lambda: _HEAD + "<meta name=og:title content=v>" * 60_000,
    "long attribute": lambda: f"{_HEAD}<meta property='og:title' content='{'x' * 5_000_000}'>",
    "attributes": lambda: f"{_HEAD}<meta {_each(200_000, 'a#=1 ')}><b itemscope {_each(100_000, 'b#=1 ')}>",
    "depth of JSON": lambda: _HEAD + _LD + "[" * 100_000,
    "depth of objects": lambda: _HEAD + _LD + '{"@type":"A","a":' * 100_000,
    "number": lambda: f'{_HEAD}{_LD}{{"@type":"Product","name":"N","offers":{{"price":{_NUMBER}}}}}</script>',
    "surrogates": lambda: f'{_HEAD}<meta name=author content="&#xD800;a">{_LD}{{"name":"\\ud800"}}',
    "zeros": lambda: "<title>a\0b&#0;</title>text",
    "scripts": lambda: _HEAD + (_LD + '{"@type":"Product","name":"#"}</script>') * 25_000,
    "scripts left open": lambda: "<script>" * 250_000,
    "comments left open": lambda: "<!--" * 500_000,
    "titles left open": lambda: "<title>" * 290_000,
    "quotes left open": lambda: '<meta x="' * 230_000,
    "links left open": lambda: _HEAD + "<link " * 340_000,
    "inputs left open": lambda: "<title>Login</title>" + "<input " * 280_000,
    "ends in scripts": lambda: "<script></head " * 130_000,
    "pluses": lambda: _HEAD + "</head>" + "ld+json" * 290_000,
    "equals": lambda: "<meta " + "= " * 1_000_000,
    "brackets": lambda: "<" * 2_000_000,
    "broken JSON": lambda: _HEAD + _LD + '{"a":1,}' * 250_000,
}  # fmt: skip


def _clean(page: Page) -> None:
    for field in dataclasses.fields(page):
        value = getattr(page, field.name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                assert text.isprintable() or not any(
                    ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in text
                )
                assert len(text.encode()) <= 20_000
    assert len(page.tags) <= 30
    for url in (page.image, page.canonical, *page.aliases):
        assert url is None or url.startswith(("http://", "https://", "HTTP"))


def _read(document: Document) -> Page | str:
    """Give a page, or why there is none."""
    try:
        page = read_page(document)
    except UnreadableDocument as error:
        return error.code
    _clean(page)
    return page


@pytest.mark.parametrize("name", _PAGES)
def test_it_is_read_or_refused(name: str) -> None:
    """None takes longer than half a second; where time were not linear, minutes would not do."""
    document = Document(body=_PAGES[name]().encode(), url=URL)
    page = _read(document)
    assert page == "needs_scripts" or isinstance(page, Page)
    enough(document.body[:1_000_000])


_MARKUP = st.sampled_from(
    [b"<meta ", b"property=", b"og:title", b"og:image", b"content=", b'"', b"'", b">", b"<title>",
     b"</title>", b"<link rel=canonical href=", b"//", b"</head>", b"<body>", b"<script type=ld+json>",
     b"{", b"}",
     b"[", b"]", b'"@type":"Product"', b'"name":', b'"offers":', b'"price":', b"1,299", b",", b"</script>",
     b"<p itemscope>", b"<b itemprop=name>", b"<b typeof=Product property=offers>", b"vocab=http://schema.org/",
     b"&#xD800;", b"\\ud800", b"\x00", b"\x1e", b"\xff\xfe", b"\xc3", b"<!--", b"-->",
     b"product:price:amount "]
)  # fmt: skip


@example(b"\xfe\xff<itemprop")
@given(st.binary(max_size=300) | st.lists(_MARKUP | st.binary(max_size=4), max_size=60).map(b"".join))
def test_any_bytes_are_a_page_or_none(body: bytes) -> None:
    document = Document(body=body, url=URL)
    code = refusal(document)
    assert enough(body) in (True, False)
    page = _read(document)
    # That JSON-LD is broken beyond mending, and so no metadata, only the reading tells.
    assert page == code or (code is None and (isinstance(page, Page) or b"ld+json" in body))
