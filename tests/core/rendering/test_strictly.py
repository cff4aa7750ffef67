"""Thousands of generated entries, judged by a checker that shares no code with the renderer."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.protocol import PostContent
from core.rendering.post import render, render_plain
from simulation.botapi.strict import complaints
from simulation.entries import entries
from tests.core.rendering.strictly import TEMPLATES, complaints_about, post_of

ENTRIES = 1_500
URL = "https://a.example/x"


@pytest.mark.parametrize("limit", [4096, 1024])
def test_whatever_comes_makes_a_message_that_arrives_as_it_was_sent(limit: int) -> None:
    for number, content in enumerate(islice(entries(seed=limit), ENTRIES)):
        post = post_of(content, number, limit=limit)
        assert complaints_about(content, post, limit=limit) == [], number


def test_plain_posts_arrive_too() -> None:
    for number, content in enumerate(islice(entries(seed=2), ENTRIES)):
        assert complaints_about(content, render_plain(content)) == [], number


@given(st.text(st.characters(categories=None), max_size=200), st.binary(max_size=300))
def test_any_bytes_make_a_message_that_arrives(text: str, soup: bytes) -> None:
    markup = soup.decode("utf-8", "surrogateescape")
    content = PostContent(url=URL, title=text, summary=markup + text, source_title=markup)
    for template in TEMPLATES:
        assert complaints_about(content, render(content, template=template)) == []


def bold(offset: int, length: int) -> dict[str, object]:
    return {"type": "bold", "offset": offset, "length": length}


def link(offset: int, length: int, url: str = URL) -> dict[str, object]:
    return {"type": "text_link", "offset": offset, "length": length, "url": url}


def code(offset: int, length: int) -> dict[str, object]:
    return {"type": "code", "offset": offset, "length": length}


def quote(offset: int, length: int) -> dict[str, object]:
    return {"type": "blockquote", "offset": offset, "length": length}


@pytest.mark.parametrize(
    ("text", "entities", "complaint"),
    [
        ("x" * 4097, [], "too long"),
        ("😀" * 2049, [], "too long"),
        ("a\ud800", [], "half a pair"),
        ("a\u202eb", [], "holds U+202E"),
        ("a\u2066b", [], "holds U+2066"),
        ("a" + "\u0301" * 9, [], "marks are piled up"),
        (" ", [], "text must be non-empty"),
        ("\u200b", [], "text must be non-empty"),
        (" a", [], "the text is changed"),
        ("a " * 101, [bold(2 * n, 1) for n in range(101)], "too many entities"),
        ("a b", [bold(2, 1), bold(0, 1)], "entities are not sorted"),
        ("a b", [bold(0, 0)], "an entity is empty or outside"),
        ("a b", [bold(2, 2)], "an entity is empty or outside"),
        ("😀a", [bold(1, 2)], "bold splits a pair"),
        ("a b", [bold(0, 2)], "bold has blanks at its ends"),
        ("abcd", [bold(0, 2), link(1, 2)], "text_link in bold, and crosses its end"),
        ("abcd", [code(0, 4), bold(1, 2)], "bold in code"),
        ("abcd", [bold(0, 4), code(1, 2)], "code in bold"),
        ("abcd", [link(0, 4), link(1, 2)], "text_link in text_link"),
        ("abcd", [quote(0, 4), quote(1, 2)], "blockquote in blockquote"),
        ("abcd", [link(0, 4), quote(1, 2)], "blockquote in text_link"),
        ("ab", [link(0, 2, "tg://user?id=1")], "somebody is called into the chat"),
        ("ab", [link(0, 2, "javascript:x")], "entity URL"),
        ("ab", [link(0, 2, "http://localhost/")], "entity URL"),
    ],
)
def test_the_checker_sees(text: str, entities: list[dict[str, object]], complaint: str) -> None:
    assert any(complaint in one for one in complaints(text, entities))


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("abcd", [bold(0, 4), link(1, 2)]),
        ("abcd", [quote(0, 4), code(1, 2)]),
        ("abcd", [link(0, 2), code(2, 2)]),
        ("5 < 6 & &nbsp; <b>", []),
    ],
)
def test_the_checker_lets_pass_what_arrives(text: str, entities: list[dict[str, object]]) -> None:
    assert complaints(text, entities) == []


@pytest.mark.parametrize(
    ("button", "complaint"),
    [
        ({"text": "x", "url": "http://localhost/"}, "is invalid"),
        ({"text": "x", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x" * 65, "url": URL}, "the text of a button is cut"),
    ],
)
def test_the_checker_sees_wrong_buttons(button: dict[str, str], complaint: str) -> None:
    assert any(complaint in one for one in complaints("a", [], keyboard={"inline_keyboard": [[button]]}))
