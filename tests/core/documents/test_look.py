"""Which documents are heavy."""

import gzip

import pytest

from core.documents.look import is_heavy, is_heavy_page

_ENTRY = b"<item><title>Title</title><link>https://e.org/1</link><guid>1</guid><description>%s</description></item>"


@pytest.mark.parametrize(
    ("body", "heavy"),
    [
        (b"", False),
        (b"<" * 60_000, False),
        ((_ENTRY % (b"word &lt;b&gt;and&lt;/b&gt; " * 50)) * 240, False),
        (b"x" * 1_000_001, True),
        (gzip.compress(b"<urlset/>"), True),
        (b"<a>" * 31_000, True),
        (b"<item>" * 15_000, True),
        (b'{"id":1},' * 20_000, True),
        (b" a=1" * 100_000, True),
        (b"&nbsp;" * 100_000, True),
        (b"<rss xml:base='/'>" + b"<item><link>1</link></item>" * 3_000, True),
        (b"<rss xml:base='/'>" + _ENTRY % (b"word " * 100) * 30, False),
    ],
    ids=[
        "nothing",
        "small",
        "honest",
        "large",
        "gzip",
        "tags",
        "entries",
        "objects",
        "attributes",
        "entities",
        "bases",
        "based",
    ],
)
def test_what_is_heavy(body: bytes, heavy: bool) -> None:
    assert is_heavy(body) is heavy


_LINK = b"<li class=item><h2><a href=/story>A title of some words</a></h2><p>And a teaser of a few more</li>"


@pytest.mark.parametrize(
    ("body", "heavy"),
    [
        (b"<html>" + _LINK * 200, False),
        (b"<html>" + _LINK * 201, True),
        (b"<HTML>" + _LINK.upper() * 201, True),
        (("<html>" + "<a href=1>" * 201).encode("utf-16"), True),
        (b"<html>" + b"<p>" * 4_000, True),
        (b"<html>" + b"x" * 1_000_001, True),
    ],
    ids=["usual", "links", "loud links", "wide links", "tags", "large"],
)
def test_which_pages_are_heavy(body: bytes, heavy: bool) -> None:
    assert is_heavy_page(body) is heavy
    if len(body) < 64_000:
        assert not is_heavy(body), "as a document of another kind it would not be"
