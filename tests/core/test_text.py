"""Text as Telegram counts and sees it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import cut, is_blank, one_line, plain_text, utf16_length
from simulation.botapi.utf16 import units

ANY_TEXT = st.text(st.characters(categories=None) | st.sampled_from(" \n😀…<>&/!-"))


@given(ANY_TEXT)
def test_length_is_counted_in_utf16_units(text: str) -> None:
    assert utf16_length(text) == units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(ANY_TEXT, st.integers(1, 30))
@example(" " * 10, 5)
def test_a_cut_text_fits_and_splits_no_character(text: str, limit: int) -> None:
    result = cut(text, limit)
    assert utf16_length(result) <= limit
    if result != text:
        assert utf16_length(text) > limit
        assert result.endswith("…")
        assert text.startswith(result[:-1])


@pytest.mark.parametrize(
    ("text", "limit", "result"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        ("one two three", 11, "one two…"),
        ("one two, three", 12, "one two…"),
        ("a verylongword", 10, "a verylon…"),
        ("😀😀😀", 5, "😀😀…"),
        ("😀😀😀", 4, "😀…"),
        ("😀", 1, "…"),
    ],
)
def test_cutting(text: str, limit: int, result: str) -> None:
    assert cut(text, limit) == result


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\n b\t\tc ", "a b c"),
        ("in\u202evisible\u2066 \ufeffmarks\ud800\x00", "invisible marks"),
        ("\x85\x1b[31mred", "[31mred"),
        ("👩\u200d👧 stays", "👩\u200d👧 stays"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\u200b\u2060",
        "\u00a0\u3000",
        "\u2800",
        "\ufffc",
        "\u180e",
        "\U000e0020\U000e007f",
        "\u0333",
    ],
)
def test_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "\u200ba", "😀", "0"])
def test_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
        ("a &amp; b &lt;i&gt; &amp;amp;", "a & b <i> &amp;"),
        ("<script>alert(1)</script>seen<style>p{}</style>", "seen"),
        ("<head><title>no</title></head>yes", "yes"),
        ("</script>still seen", "still seen"),
        ("  many \n\n\n   spaces\u00a0here ", "many\nspaces here"),
        ("<b>unclosed <i>tags", "unclosed tags"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("<![if !IE]>kept<![endif]>", "kept"),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(
    ANY_TEXT
    | st.lists(st.sampled_from(["<", "<!", "<![", "<!--", "-->", "<p", ">", "&#", "&#x", "a", '"'])).map(
        "".join
    )
)
def test_any_html_becomes_clean_lines(html: str) -> None:
    text = plain_text(html)
    text.encode()
    assert not any(line != line.strip() or not line for line in text.split("\n") if text)
    assert "\x00" not in text
