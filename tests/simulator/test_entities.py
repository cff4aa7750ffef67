"""Entities and URLs, one table each."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.botapi.answers import Refused
from simulation.botapi.entities import checked_entities
from simulation.botapi.urls import WrongUrlError, checked_url, mentioned_user
from simulation.botapi.utf16 import unit_offsets

TEXT = "a😀b c"


def entity(offset: Any, length: Any, kind: str = "bold", **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    "raw",
    [
        entity(0, 6),
        entity(1, 2, "italic"),
        entity(0, 1, "pre", language="python"),
        entity(0, 1, "custom_emoji", custom_emoji_id="5"),
        entity(0, 1, "text_mention", user={"id": 5, "is_bot": False, "first_name": "A"}),
        entity(0, 1, "expandable_blockquote"),
    ],
)
def test_kept_as_they_are(raw: dict[str, Any]) -> None:
    assert checked_entities(TEXT, [raw]) == [raw]


@pytest.mark.parametrize("kind", ["url", "mention", "hashtag", "bot_command", "email", "cashtag"])
def test_telegram_finds_these_itself(kind: str) -> None:
    assert checked_entities(TEXT, [entity(0, 1, kind)]) == []


@pytest.mark.parametrize("raw", [None, "x", 5, {}])
def test_no_list_is_no_entities(raw: object) -> None:
    assert checked_entities(TEXT, raw) == []


@pytest.mark.parametrize(
    ("raw", "description"),
    [
        (entity(2, 1), "entity begins in a middle of a UTF-16 symbol at UTF-16 offset 2"),
        (entity(0, 2), "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol"),
        (entity(6, 1), "entity begins after the end of the text at UTF-16 offset 6"),
        (
            entity(5, 2),
            "entity beginning at UTF-16 offset 5 ends after the end of the text at UTF-16 offset 7",
        ),
        (entity(-1, 2), "receive an entity with incorrect offset -1"),
        (entity(0, -2), "receive an entity with incorrect length -2"),
        (entity(0, 10**7), "receive an entity with incorrect length 10000000"),
        (entity("0", 1), 'can\'t parse MessageEntity: Field "offset" must be of type Number'),
        (entity(0, [1]), 'can\'t parse MessageEntity: Field "length" must be of type Number'),
        (
            {**entity(0, 1), "length": True},
            'can\'t parse MessageEntity: Field "length" must be of type Number',
        ),
        (entity(0, 1, "blink"), "can't parse MessageEntity: Unsupported type specified"),
        (entity(0, 1, "text_link"), "can't parse MessageEntity: Can't find field \"url\""),
        ("bold", "can't parse MessageEntity: expected an Object"),
    ],
)
def test_refused(raw: object, description: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_entities(TEXT, [raw])
    assert caught.value.description == f"Bad Request: {description}"


def test_more_than_a_hundred_are_dropped() -> None:
    text = "x" * 300
    kept = checked_entities(text, [entity(number, 1) for number in range(150)])
    assert [one["offset"] for one in kept] == list(range(100))


def test_outer_before_inner() -> None:
    kept = checked_entities(TEXT, [entity(4, 2), entity(0, 1), entity(0, 6)])
    assert [(one["offset"], one["length"]) for one in kept] == [(0, 6), (0, 1), (4, 2)]


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8),
    st.integers(0, 20),
    st.integers(1, 20),
)
def test_accepted_exactly_when_on_boundaries(text: str, offset: int, length: int) -> None:
    boundaries = unit_offsets(text)
    right = offset in boundaries and offset + length in boundaries
    try:
        checked_entities(text, [entity(offset, length)])
    except Refused:
        assert not right
    else:
        assert right


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("HTTPS://A.Example", "https://a.example/"),
        ("https://a.example?x=1", "https://a.example/?x=1"),
        ("a.example/x#y", "http://a.example/x#y"),
        ("http://me@a.example:080/", "http://me@a.example:80/"),
        ("https://[::1]/x", "https://[::1]/x"),
        ("https://a.example/a b \n", "https://a.example/a%20b"),
        ("https://пример.example/ж", "https://пример.example/ж"),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
        ("TG:Resolve?domain=x", "tg://resolve?domain=x"),
    ],
)
def test_urls_as_stored(url: str, stored: str) -> None:
    assert checked_url(url) == stored
    assert checked_entities(TEXT, [entity(0, 1, "text_link", url=url)])[0]["url"] == stored


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("javascript:alert(1)", "Wrong port number specified in the URL"),
        ("data:text/html,x", "Wrong port number specified in the URL"),
        ("ftp://a.example/", "Unsupported URL protocol"),
        ("http://localhost/", "Wrong HTTP URL"),
        ("http://a.example:99999/", "Wrong port number specified in the URL"),
        ("http:///x", "URL host is empty"),
        ("", "URL host is empty"),
        ("http://a b.example/", "Disallowed character in URL host"),
        ("http://a%zz.example/", "Disallowed character in URL host"),
    ],
)
def test_urls_that_are_no_links(url: str, reason: str) -> None:
    with pytest.raises(WrongUrlError, match=reason):
        checked_url(url)
    raw = [entity(0, 1, "text_link", url=url)]
    assert checked_entities(TEXT, raw) == []
    with pytest.raises(Refused, match=f"entity URL '.*' is invalid: {reason}"):
        checked_entities(TEXT, raw, refuse_links=True)


@pytest.mark.parametrize(
    ("url", "user_id"),
    [
        ("tg://user?id=77", 77),
        ("TG:user?id=77#x", 77),
        ("tg://user/?x=1&id=77&y", 77),
        ("tg://user?ident=77", 0),
        ("tg://users?id=77", 0),
        ("https://a.example/user?id=77", 0),
    ],
)
def test_mentions_by_link(url: str, user_id: int) -> None:
    assert mentioned_user(url) == user_id
    kept = checked_entities(TEXT, [entity(0, 1, "text_link", url=url)])[0]
    assert (kept["type"] == "text_mention") == bool(user_id)
