"""The kind "list": finding the list, the parts of its items, hostile pages."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.html import read_html
from core.documents.repetition import find_lists
from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.kinds.list import HtmlList, ListRules

_LIST = HtmlList()
_URL = "https://e.org/folder/page"


def _document(body: bytes | str, content_type: str = "") -> Document:
    raw = body if isinstance(body, bytes) else body.encode()
    return Document(body=raw, url=_URL, content_type=content_type)


def _parse(body: bytes | str, **rules: str) -> ParsedDocument:
    return _LIST.parse(_document(body), ListRules(**rules))


def _item(markup: str, **rules: str) -> Entry:
    (entry,) = _parse(f"<div class=x>{markup}</div>", item=".x", **rules).entries
    return entry


def _block(name: str, words: str, count: int = 4) -> str:
    items = "".join(f"<li class={name}><a href='/{name}/{n}'>{words} {n}</a></li>" for n in range(count))
    return f"<ul>{items}</ul>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b" ", "empty"),
        (b"words", "not_html"),
        (b'{"a": "<p>"}', "not_html"),
        (b"<html><p>hello</p></html>", "no_list"),
        (b"<html><a href='#1'>a</a><a href='mailto:x@y'>b</a><a href='javascript:1'>c</a></html>", "no_list"),
    ],
)
def test_unreadable(body: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        _LIST.parse(_document(body))
    assert caught.value.code == code


def test_the_one_list_is_taken() -> None:
    parsed = _parse(_block("post", "A title of some length"))
    assert [entry.url for entry in parsed.entries] == [f"https://e.org/post/{n}" for n in range(4)]


def test_two_equal_lists_are_a_question() -> None:
    with pytest.raises(
        UnreadableDocument, match=r"li.a.*\(4: A title 0, A title 1, A title 2\); .*li.b"
    ) as caught:
        _parse(_block("a", "A title") + _block("b", "A title"))
    assert caught.value.code == "which_list"


def test_candidates_have_a_selector_a_count_and_three_examples() -> None:
    page = read_html(
        _document("<nav>" + _block("menu", "Menu") + "</nav>" + _block("post", "A longer title", 9))
    )
    first, second = find_lists(page)
    assert (first.selector, first.count, first.is_clear) == ("body > ul > li.post", 9, True)
    assert first.examples == ("A longer title 0", "A longer title 1", "A longer title 2")
    assert (second.selector, second.is_clear) == ("nav > ul > li.menu", False)
    assert len(page.tree.css(first.selector)) == 9


def test_passing_classes_do_not_split_a_list() -> None:
    items = "".join(
        f"<p class='{'odd' if n % 2 else 'even'} post-{n} entry'><a href='/{n}'>Title {n}</a>"
        for n in range(6)
    )
    assert len(_parse(items).entries) == 6


def test_dates_and_headings_make_a_list_likelier() -> None:
    dated = "".join(
        f"<div class=d><h2><a href='/d/{n}'>Title {n}</a></h2><time>1 May</time></div>" for n in range(4)
    )
    assert find_lists(read_html(_document(_block("a", "Title") + dated)))[0].examples[0] == "Title 0"
    assert _parse(dated + _block("a", "Title")).entries[0].url == "https://e.org/d/0"


def test_links_to_the_page_itself_are_no_list() -> None:
    with pytest.raises(UnreadableDocument, match="no_list"):
        _parse("<a href='/folder/page'>again</a>" * 9)


@pytest.mark.parametrize(
    ("markup", "image"),
    [
        ("<a href=1>t<img src=a.png></a>", "https://e.org/folder/a.png"),
        ("<a href=1>t<img src='data:x' srcset='a.png 1x, b.png 2x'></a>", "https://e.org/folder/b.png"),
        ("<a href=1>t<img srcset='a.png 1..1x'></a>", "https://e.org/folder/a.png"),
        (
            "<a href=1>t<picture><source srcset='a.webp'><img src='data:x'></picture></a>",
            "https://e.org/folder/a.webp",
        ),
        ("<a href=1>t<img src='data:x'></a>", None),
        ("<a href=1>t<img src=' '><img src=b.png></a>", "https://e.org/folder/b.png"),
    ],
)
def test_images(markup: str, image: str | None) -> None:
    assert _item(markup).image == image


def test_item_that_is_an_image_or_a_link() -> None:
    (entry,) = _parse("<a class=x href=1><img src=1.png alt='Said'></a>", item="img", link="a").entries or (
        None,
    )
    assert entry == Entry(title="Said", image="https://e.org/folder/1.png")
    assert _parse("<a class=x href=1>t</a>", item=".x", link=".x").entries == (
        Entry(url="https://e.org/folder/1", title="t"),
    )


def test_rules_of_parts() -> None:
    assert _item("<a href=1>t</a><b>T</b>", title="b").title == "T"
    assert _item("<a href=1>t</a>", title="b").title == ""
    assert _item("<a href=1>t</a>", image="b", price="b") == Entry(url="https://e.org/folder/1", title="t")
    assert _item("<a href=1>t</a><meta itemprop=price content=5>", price="meta").summary == "5"
    assert _item("<a href=1>t</a><meta itemprop=price>", price="meta").summary == ""
    assert _item("<i data-href=2>t</i><a href=1></a>", link="i").url == "https://e.org/folder/2"
    assert _item("<p>t</p>", link="p").url is None
    assert _item("<a href=1></a><a href=1>words</a>").title == "words"
    assert _item("<a href=ftp://e.org/>t</a>").url is None
    assert _item("<a href=1>" + "long " * 200 + "</a>").title.endswith("…")


def test_an_item_of_nothing_is_left_out() -> None:
    assert _parse("<div class=x> </div>", item=".x").entries == ()
    assert _parse("<div class=x>1</div>", item=".nothing").entries == ()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("\ufeff<p class=x>Жук", ""),
        ("<p class=x>Жук".encode("koi8-r"), "text/html; charset=koi8-r"),
        ("<meta charset=windows-1251><p class=x>Жук".encode("cp1251"), ""),
        ("<p class=x>Жук<p>жуки", "text/html; charset=iso-8859-1"),
    ],
)
def test_charsets(body: str | bytes, content_type: str) -> None:
    (entry,) = _LIST.parse(_document(body, content_type), ListRules(item=".x")).entries
    assert entry.title == "Жук"


@pytest.mark.parametrize(
    "rules",
    [
        '{"item": "div["}',
        '{"title": "a::b"}',
        '{"item": "\\ud800"}',
        '{"item": "' + "a" * 400 + '"}',
        '{"item": "a:has(b:has(c))"}',
        '{"items": "a"}',
        '{"item": 5}',
        "[]",
        "nonsense",
        "[" * 100_000,
    ],
    ids=lambda rules: rules[:30],
)
def test_wrong_rules_are_said_with_an_example(rules: str) -> None:
    with pytest.raises(UserError, match=r"example|like .card|Example"):
        _LIST.read_rules(rules)


_HOSTILE = {
    "ends-of-nothing": b"</item><sitemap>" * 30_000,
    "depth": b"<div>" * 100_000 + b"<a href=1>x</a>",
    "less-than": b"<" * 1_000_000,
    "attributes": b"<a href=1 " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</a>",
    "tags": b"<p class=x>" * 200_000,
    "formatting": b"".join(b"<div><b id=%d>" % n for n in range(300))
    + b"</div>" * 300
    + b"<div>x</div>" * 50_000,
    "links": b"<li><a href=/%d>x</a>" * 100_000,
    "quotes": b"<a href='" + b"<b '" * 200_000,
    "comments": b"<!--" * 200_000,
    "scripts": b"<script>" * 100_000,
    "nul": b"<p class=x>\x00&#0;&#xD800;</p>" * 1000,
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_page_is_bounded(name: str) -> None:
    started = time.process_time()
    with contextlib.suppress(UnreadableDocument):
        _LIST.parse(_document(_HOSTILE[name]))
    assert len(_parse(_HOSTILE[name], item="*").entries) <= 2000
    assert time.process_time() - started < 10, "seconds, on the slowest of machines"


def test_a_page_too_large_is_not_complete() -> None:
    assert _parse("<p class=x>a</p>" + " " * 4_000_000, item=".x").complete is False
    assert _parse("<p class=x>a</p>" * 50_000, item=".x").complete is False
    assert _parse("<script>'<p>'</script><p class=x/>a", item=".x").complete


_PIECES = st.sampled_from(
    [
        *[b"<li class=a>", b"<a href=/1>", b"</a>", b"<h2>", b"<img src=x srcset='a 1x,'>", b"<svg>"],
        *[b"<base href='//[x'>", b"<time datetime=2024>", b"<b a='", b"<!--", b"<script>", b"&#xD800;"],
        *[b"</b>", b"<table>", b"\xff", b"\x00"],
    ]
)


@given(st.binary() | st.lists(_PIECES | st.binary(max_size=3), max_size=60).map(b"".join))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    document = _document(body)
    _LIST.recognise(document)
    for rules in (ListRules(), ListRules(item="*", link="a", image="*")):
        with contextlib.suppress(UnreadableDocument):
            str(_LIST.parse(document, rules)).encode()


@given(st.lists(st.text("abc &<>'\"жц", min_size=1).filter(str.strip), min_size=3, max_size=9))
def test_what_is_written_is_found(titles: list[str]) -> None:
    from html import escape

    items = "".join(f"<li class=i><a href='/{n}'>{escape(title)}</a></li>" for n, title in enumerate(titles))
    parsed = _parse(f"<ul>{items}</ul>")
    assert [entry.title for entry in parsed.entries] == [" ".join(title.split()) for title in titles]


def test_a_list_of_elements_that_no_selector_can_name() -> None:
    # A tag may hold nearly any character; a selector made of it is none. Found by fuzzing.
    for tag in ("fb:like", "li{h", "a.b"):
        items = "".join(f"<{tag}><a href=/{n}>A rather long title {n}</a></{tag}>" for n in range(5))
        assert len(_parse(f"<html><body><main>{items}</main></body></html>").entries) == 5


def test_words_of_attributes_are_clean() -> None:
    # Found by fuzzing.
    markup = "<li><a href=/1><img src=p.jpg alt='A\x13 B\n C'></a><b content='5\x01 $'></b>"
    entry = _item(markup, price="b")
    assert (entry.title, entry.summary) == ("A B C", "5 $")
