"""Links made absolute."""

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.links import (
    Link,
    choose_alternate,
    choose_image,
    ends_like_image,
    make_enclosure,
    rebase,
    resolve,
)
from core.entries import Enclosure


@pytest.mark.parametrize(
    ("base", "reference", "url"),
    [
        ("https://e.org/a/b", "https://f.org/ ", "https://f.org/"),
        ("https://e.org/a/b", "c?d=1#e", "https://e.org/a/c?d=1#e"),
        ("https://e.org/a/b", "/c", "https://e.org/c"),
        ("https://e.org/a/b", "//f.org/c", "https://f.org/c"),
        ("https://e.org/a/b", "../../c", "https://e.org/c"),
        ("https://e.org/a/b", "HTTP://f.org/", "HTTP://f.org/"),
        ("https://e.org/a/b", "https://f.org/a\n  b\tc", "https://f.org/a  bc"),
        ("https://e.org/a/b", "https://f.org/\x00\ud800x", "https://f.org/x"),
        ("https://e.org/a/b", "mailto:x@e.org", "mailto:x@e.org"),
        ("https://e.org/a/b", "//[bad", "//[bad"),
        ("", "c", "c"),
        ("https://e.org/", " \n", None),
        ("https://e.org/", "\x00", None),
        ("https://e.org/", "", None),
        ("https://e.org/", None, None),
    ],
)
def test_resolve(base: str, reference: str | None, url: str | None) -> None:
    assert resolve(base, reference) == url


def test_a_base_of_absurd_size_does_not_count() -> None:
    assert rebase("https://e.org/", "x" * 5000) == "https://e.org/"
    assert rebase("https://e.org/", "x/" * 100) == "https://e.org/"
    assert rebase("https://e.org/", "x/") == "https://e.org/x/"
    assert rebase("https://e.org/", None) == "https://e.org/"


def test_html_is_preferred_among_alternates() -> None:
    links = [
        Link("self", "s", "text/html"),
        Link("alternate", "j", "application/json"),
        Link("alternate", "n", ""),
        Link("alternate", "h", "text/html"),
    ]
    assert choose_alternate(links) == "h"
    assert choose_alternate(links[:3]) == "n"
    assert choose_alternate(links[:2]) == "j"
    assert choose_alternate(links[:1]) is None


@pytest.mark.parametrize(
    ("length", "length_bytes"),
    [("12", 12), (" 12 ", 12), ("", None), (None, None), ("-1", None), ("9" * 5000, None), ("१२", None)],
)
def test_enclosure(length: str | None, length_bytes: int | None) -> None:
    file = make_enclosure("https://e.org/a", "Audio/MPEG; x=y", length)
    assert file == Enclosure(url="https://e.org/a", media_type="audio/mpeg", length_bytes=length_bytes)


def test_images() -> None:
    files = [Enclosure(url="a", media_type="audio/mpeg"), Enclosure(url="b", media_type="image/png")]
    assert choose_image(files) == "b"
    assert choose_image(files[:1]) is None
    assert ends_like_image("https://e.org/A.JPG?w=1")
    assert not ends_like_image("https://e.org/a.mp3?x=.jpg")


_BASES = [
    *[
        "https://e.org",
        "https://e.org/",
        "https://e.org/a/b",
        "https://e.org/a/b/",
        "http://e.org:8080/a/b?c=/d#e/f",
    ],
    *[
        "https://e.org?a=/b",
        "https://u:p@e.org/a/b",
        "https://e.org/a/../b",
        "https://e.org/a/./b/c",
        "ftp://e.org/a/b",
    ],
]


@given(st.sampled_from(_BASES), st.text("ab1/.?=&%-:#;_", min_size=1, max_size=12))
def test_the_short_way_to_join_is_the_long_one(base: str, reference: str) -> None:
    assert resolve(base, reference) == urljoin(base, reference)


@given(st.text(), st.text())
def test_resolve_never_raises(base: str, reference: str) -> None:
    resolve(base, reference)
