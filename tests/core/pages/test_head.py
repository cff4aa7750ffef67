"""Tags of a head: the short forms that have a way of their own say what the long ones say."""

import pytest

from core.pages.head import Head, read_head

_URL = "https://shop.example/things/lamp"


def _read(markup: str) -> Head:
    return read_head(f'<title>T</title>{markup}<meta name="author" content="Ann">', _URL)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ('<meta name="a:b" content="c">', "<META CONTENT='c' NAME = a:b>"),
        ('<link rel="canonical" href="/x">', "<LINK href=/x rel='nofollow Canonical'>"),
        ('<link rel="canonical" href="/x?a=1&amp;b=2">', "<link href='/x?a=1&amp;b=2' rel=canonical>"),
        ('<script src="/a.js" async></script>', '<script async src="/a.js">var x = 1 < 2;</script>'),
        ('<script src="/a.js"></script>', "<!-- <title>Other</title> -->"),
    ],
    ids=["meta", "canonical", "canonical with a reference", "script", "nothing"],
)
def test_a_short_form_says_the_same_as_a_long_one(short: str, long: str) -> None:
    assert _read(short) == _read(long)
    assert _read(short).first("author") == "Ann"


@pytest.mark.parametrize(
    "start", ["<script src='/a.js'>", '<script src="/a.js">', '<script src="/a.js" defer>']
)
def test_what_a_script_holds_is_no_tag(start: str) -> None:
    assert _read(f'{start}"<link rel="canonical" href="/y">"</script>').canonical == ""


def test_the_first_canonical_address_counts() -> None:
    links = '<link rel="canonical" href="/first"><link href="/second" rel="canonical">'
    assert _read(links).canonical == "/first"


@pytest.mark.parametrize("count", [40, 400], ids=["short", "long"])
def test_a_tag_has_at_most_64_attributes(count: int) -> None:
    many = " ".join(f"a{number}=1" for number in range(count))
    assert _read(f'<link {many} rel="canonical" href="/x">').canonical == ("/x" if count <= 62 else "")
