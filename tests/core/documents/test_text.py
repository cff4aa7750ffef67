"""Strings fit to be stored and shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.text import Lines, as_markup, clean_text, decode_references, one_line, plain_line

_UNFIT = {*range(9), *range(11, 32), *range(127, 160), *range(0xD800, 0xE000)}


@given(st.text(st.characters(max_codepoint=0x24F) | st.characters(categories=["Cs", "Cc"])))
def test_clean_text_removes_controls_and_surrogates_and_nothing_else(text: str) -> None:
    assert clean_text(text) == "".join(character for character in text if ord(character) not in _UNFIT)


@pytest.mark.parametrize("unfit", ["\x00", "\x07", "\r", "\x7f", "\x85", chr(0xD800), chr(0xDFFF)])
def test_clean_text_of_a_long_string(unfit: str) -> None:
    text = "word " * 100
    assert clean_text(text + unfit + "é\n\t") == text + "é\n\t"


def test_long_strings_without_anything_unfit_stay() -> None:
    text = "Слово «word»\xa0\n" * 50
    assert clean_text(text) is not None
    assert clean_text(text) == text


def test_one_line_collapses_white_space() -> None:
    assert one_line(" a\n\t b \xa0 c\x00 ") == "a b c"
    assert one_line("word  " * 100) == " ".join(["word"] * 100)


@pytest.mark.parametrize(
    ("markup", "sure", "line"),
    [
        ("Tom &amp; Jerry", False, "Tom & Jerry"),
        ("AT&T &copy=1", False, "AT&T &copy=1"),
        ("<b>bold</b> and <i class='x'>italic</i>", False, "bold and italic"),
        ("one<br/>two<p>three</p>", False, "one two three"),
        ("a < b and b > c", False, "a < b and b > c"),
        ("List<String> in Java", False, "List<String> in Java"),
        ("List<String> in Java", True, "List in Java"),
        ("x<!-- note -->y", False, "xy"),
        ("x<!-- never ends", False, "x"),
        ("caf&eacute; &#8211; &#x263A; &bogus; &#0;", False, "café \u2013 ☺ &bogus; \ufffd"),
        ("&amp;lt;b&amp;gt;", False, "&lt;b&gt;"),
        ("&#128;", True, "€"),
    ],
)
def test_plain_line(markup: str, sure: bool, line: str) -> None:
    assert plain_line(markup, sure=sure) == line


def test_references_of_absurd_length_stay_text() -> None:
    assert decode_references("&#" + "9" * 5000 + ";") == "&#" + "9" * 5000 + ";"


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("a < b & c", "a < b & c"),
        ("<b> is a tag", "&lt;b&gt; is a tag"),
        ("write &amp; here", "write &amp;amp; here"),
    ],
)
def test_as_markup_escapes_only_what_would_be_read_as_markup(text: str, markup: str) -> None:
    assert as_markup(text) == markup


def test_lines_remember() -> None:
    lines = Lines()
    assert lines["<b>News</b>"] == "News"
    assert dict(lines) == {"<b>News</b>": "News"}


@given(st.text())
def test_plain_line_never_raises(text: str) -> None:
    assert "\n" not in plain_line(text, sure=False) + plain_line(text, sure=True)
