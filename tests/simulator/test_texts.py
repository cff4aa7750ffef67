"""What Telegram makes of the texts it is sent."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.botapi.answers import Refused
from simulation.botapi.parameters import Parameters
from simulation.botapi.texts import Text, caption_text, cleaned, message_text
from simulation.botapi.utf16 import piece, unit_offsets, units

CHARS = st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \n\t\r\u202e\u2066😀👩‍👧")


def sent(text: str, *entities: dict[str, Any], **more: Any) -> Text:
    return message_text(Parameters({"text": text, "entities": json.dumps(entities), **more}))


def refusal(text: str, *entities: dict[str, Any], **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        sent(text, *entities, **more)
    assert caught.value.code == 400
    return caught.value.description


def bold(offset: int, length: int) -> dict[str, Any]:
    return {"type": "bold", "offset": offset, "length": length}


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("plain", "plain"),
        ("  both ends \n\n", "both ends"),
        ("a\tb\x00c\x1fd", "a b c d"),
        ("two\r\nlines", "two\nlines"),
        ("a\u202eb\u2028c\u202ad", "abcd"),
        ("a\u2066b\u2069c", "a\u2066b\u2069c"),
        ("z\u0333a\u033fl\u030ago", "zalgo"),
        ("5 < 6 & &nbsp; <b>", "5 < 6 & &nbsp; <b>"),
        ("a\u200b", "a\u200b"),
    ],
)
def test_stored_text(text: str, stored: str) -> None:
    assert sent(text).text == stored


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "\n \t",
        "\u200b",
        "\u200d\ufeff\u00a0",
        "\x00\x01\x02",
        "\u202e\u202d",
        "\r\r",
        "\u2800",
        "\ufffc",
    ],
)
def test_nothing_to_see(text: str) -> None:
    assert refusal(text) == "Bad Request: text must be non-empty"


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("x" * 32_769, "text is too long"),
        ("я" * 16_385, "text is too long"),
        ("broken \ud83d pair", "strings must be encoded in UTF-8"),
    ],
)
def test_refused_texts(text: str, description: str) -> None:
    assert refusal(text) == f"Bad Request: {description}"


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 2048, " " * 1000 + "x" * 4096 + "\n" * 1000])
def test_longest_texts(text: str) -> None:
    assert sent(text).text == text.strip()


def test_captions() -> None:
    assert caption_text(Parameters()) == Text()
    assert caption_text(Parameters({"caption": "x" * 1024})).text == "x" * 1024
    with pytest.raises(Refused, match="message caption is too long"):
        caption_text(Parameters({"caption": "x" * 1025}))
    kept = caption_text(Parameters({"caption": "ab", "caption_entities": [bold(0, 1)]}))
    assert kept.entities == [bold(0, 1)]


@pytest.mark.parametrize(
    ("text", "given_entity", "stored", "kept"),
    [
        ("ab cd", bold(3, 2), "ab cd", [bold(3, 2)]),
        ("  ab", bold(2, 2), "ab", [bold(0, 2)]),
        ("  ab", bold(0, 4), "  ab", [bold(0, 4)]),
        ("ab  ", bold(0, 4), "ab", [bold(0, 2)]),
        ("a\rb\u202ec", bold(2, 3), "abc", [bold(1, 2)]),
        ("ab   cd", bold(2, 2), "ab   cd", []),
        ("ab   ", bold(3, 2), "ab", []),
        ("😀 ab", bold(3, 2), "😀 ab", [bold(3, 2)]),
        ("ab", bold(1, 0), "ab", []),
    ],
)
def test_entities_move_with_the_text(
    text: str, given_entity: dict[str, Any], stored: str, kept: list[dict[str, Any]]
) -> None:
    assert sent(text, given_entity) == Text(stored, kept)


@given(st.text(CHARS, max_size=30), st.data())
def test_cleaning_keeps_entities_on_their_words(text: str, data: st.DataObject) -> None:
    offsets = unit_offsets(text)
    start = data.draw(st.sampled_from(offsets))
    stop = data.draw(st.sampled_from([offset for offset in offsets if offset >= start]))
    result, entities = cleaned(text, [bold(start, stop - start)])
    covered = cleaned(piece(text, start, stop - start), [])[0]
    assert units(result) <= units(text)
    for entity in entities:
        assert entity["length"] > 0
        assert entity["offset"] + entity["length"] <= units(result)
        assert piece(result, entity["offset"], entity["length"]).strip(" \n") == covered
    assert bool(entities) == bool(covered)


@given(st.text(CHARS, max_size=30))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = cleaned(text, [])
    assert cleaned(*once) == once


def test_what_telegram_finds_itself() -> None:
    text = sent(
        "😀 see https://a.example/x?y=1, #tag /go@some_bot @friend_1 me@mail.example http://nodot/ (https://b.example)"
    )
    found = [(one["type"], piece(text.text, one["offset"], one["length"])) for one in text.entities]
    assert found == [
        ("url", "https://a.example/x?y=1"),
        ("hashtag", "#tag"),
        ("bot_command", "/go@some_bot"),
        ("mention", "@friend_1"),
        ("email", "me@mail.example"),
        ("url", "https://b.example"),
    ]
    assert text.links == ["https://a.example/x?y=1", "https://b.example"]


def test_links_in_order_and_not_twice() -> None:
    link = {"type": "text_link", "offset": 18, "length": 17, "url": "https://b.example/story"}
    text = sent("https://a.example https://c.example", link)
    assert text.links == ["https://a.example", "https://b.example/story"]


def test_html() -> None:
    text = sent('<b>a &lt; &amp;nbsp; 😀</b> <a href="https://b.example/?x=1&amp;y">l</a>', parse_mode="HTML")
    assert text.text == "a < &nbsp; 😀 l"
    assert text.entities == [
        bold(0, 13),
        {"type": "text_link", "offset": 14, "length": 1, "url": "https://b.example/?x=1&y"},
    ]


def test_html_drops_links_without_a_word() -> None:
    assert sent('<a href="javascript:alert(1)">x</a>', parse_mode="html") == Text("x")
    assert sent("<a>x</a>", parse_mode="html") == Text("x")
    mention = sent("<a href='tg://user?id=77'>x</a>", parse_mode="html").entities[0]
    assert (mention["type"], mention["user"]["id"]) == ("text_mention", 77)


@pytest.mark.parametrize(
    "text",
    [
        "<h1>x</h1>",
        "a<br>b",
        "5 < 6",
        "x <3",
        "<b>x",
        "<b><i>x</b></i>",
        "x</b>",
        "<script>x</script>",
        "<b",
        "<b ",
    ],
)
def test_html_that_telegram_refuses(text: str) -> None:
    assert refusal(text, parse_mode="HTML").startswith("Bad Request: can't parse entities: ")


def test_other_parse_modes_are_not_there() -> None:
    assert refusal("x", parse_mode="Fancy") == "Bad Request: unsupported parse_mode"
    assert sent("*x*", parse_mode="None").text == "*x*"
