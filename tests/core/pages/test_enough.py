"""Where to stop fetching a page."""

import pytest

from core.pages.enough import Enough, enough
from core.pages.excerpt import MOST_BYTES

_ALL = (
    b'<html><head><meta property="og:title" content="T"><meta property="og:image" content="/i">'
    b'<link rel="canonical" href="/c">'
)
_PRODUCT = b'<meta property="og:type" content="product">'
_PRICE = b'<meta property="product:price:amount" content="5">'
_OFFER = (
    b'<script type="application/ld+json">{"@type": "Product", "name": "T", "offers": {"price": 5}}</script>'
)


@pytest.mark.parametrize(
    ("head", "suffices"),
    [
        (_ALL + b"</head>", True),
        (_ALL + b"<body class=x>", True),
        (_ALL, False),
        (_ALL + b"<script>'</head>'", False),
        (_ALL.replace(b"og:image", b"og:images") + b"</head>", False),
        (_ALL.replace(b"canonical", b"icon") + b"</head>", False),
        (b"<title></title></head>", False),
        (_ALL + _PRODUCT + b"</head>", False),
        (_ALL + _PRODUCT + _PRICE + b"</head>", True),
        (_ALL + _OFFER + b"</head>", True),
        (_ALL + _PRODUCT + b"</head><body>" + _OFFER, True),
        (_ALL + _PRODUCT + b"</head><body>" + _OFFER[:-9], False),
        (b"x" * MOST_BYTES, True),
    ],
)
def test_enough(head: bytes, suffices: bool) -> None:
    assert enough(head) is suffices


@pytest.mark.parametrize("size", [1, 7, 64, 1_000])
def test_pieces_do_not_matter(size: int) -> None:
    page = (
        _ALL + _PRODUCT + b"</head><body>" + b"<p>text</p>" * 20 + b"<script></script>" + _OFFER + b"<p>" * 99
    )
    whole = page.find(b"</script", page.find(b"ld+json")) + len(b"</script")
    watch = Enough()
    stopped = next(end for end in range(size, len(page) + size, size) if watch(page[:end]))
    assert whole <= stopped < whole + size


def test_what_is_there_is_found_when_it_all_comes_at_once() -> None:
    watch = Enough()
    assert not watch(_ALL[:40])
    assert watch(_ALL + b"</head><body>")
