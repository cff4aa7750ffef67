"""Exports of Telegram Desktop: whose messages, which links, which ids."""

import json
from typing import Any

import pytest

from core.chat_export import ExportedMessage, links_of, messages_of
from core.json_stream import BrokenJson, JsonStream


def read(export: object) -> list[ExportedMessage]:
    return list(messages_of(JsonStream([json.dumps(export, indent=1)])))


def chat(*messages: dict[str, Any], kind: str = "public_channel", bare_id: int = 77) -> dict[str, Any]:
    return {"name": "News", "type": kind, "id": bare_id, "messages": list(messages)}


def message(number: int, text: object = "", **more: object) -> dict[str, Any]:
    return {"id": number, "type": "message", "date_unixtime": "1700000000", "text": text, **more}


@pytest.mark.parametrize(
    ("kind", "chat_id", "chat_type", "message_id"),
    [
        ("public_channel", -1000000000077, "channel", 5),
        ("private_channel", -1000000000077, "channel", 5),
        ("public_supergroup", -1000000000077, "supergroup", 5),
        ("private_supergroup", -1000000000077, "supergroup", 5),
        ("private_group", -77, "group", None),
        ("personal_chat", 77, "private", None),
        ("bot_chat", 77, "private", None),
        ("saved_messages", 77, "private", None),
    ],
)
def test_ids_are_those_of_the_bot_api(
    kind: str, chat_id: int, chat_type: str, message_id: int | None
) -> None:
    [one] = read(chat(message(5), kind=kind))
    assert (one.chat.chat_id, one.chat.chat_type, one.chat.name, one.chat.alone) == (
        *(chat_id, chat_type, "News"),
        True,
    )
    assert (one.message_id, one.date_ms) == (message_id, 1_700_000_000_000)


def test_messages_of_the_group_that_a_supergroup_was_have_no_id() -> None:
    assert [one.message_id for one in read(chat(message(-999_999_999), message(3)))] == [None, 3]


def test_an_account_holds_chats() -> None:
    account = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "first_name": "Ann"},
        "contacts": {"about": "", "list": [{"user_id": 2, "messages": [1]}]},
        "chats": {"about": "", "list": [chat(message(1)), chat(message(2), kind="private_group")]},
        "left_chats": {"about": "", "list": [chat(message(3), bare_id=78)]},
    }
    found = read(account)
    assert [one.chat.chat_id for one in found] == [-1000000000077, -77, -1000000000078]
    assert not any(one.chat.alone for one in found)


@pytest.mark.parametrize("export", [[], {}, {"name": "x", "items": [1]}, "text", 5])
def test_what_is_no_export(export: object) -> None:
    with pytest.raises(BrokenJson):
        read(export)


def test_an_export_may_be_empty_or_odd() -> None:
    assert read(chat()) == []
    [one] = read({"messages": [7, None, {"id": "x", "type": "message", "text": {"type": "link"}}]})
    assert (one.chat.chat_id, one.message_id, one.date_ms, one.links) == (None, None, None, ())


@pytest.mark.parametrize(
    ("parts", "links"),
    [
        ({"text": "see https://a.example/1, then (https://a.example/b_(c)). HTTP://A.example/2!"}, 3),
        ({"text": ["so ", {"type": "link", "text": "https://a.example/1"}]}, 1),
        ({"text": [{"type": "text_link", "text": "Read", "href": "https://a.example/1?utm_source=x"}]}, 1),
        ({"text": [{"type": "text_link", "text": "https://b.example/", "href": "https://a.example/1"}]}, 2),
        ({"text": [{"type": "bold", "text": "https://a.example/1"}]}, 1),
        (
            {"text": "", "text_entities": [{"type": "text_link", "text": "x", "href": "https://a.example/"}]},
            1,
        ),
        ({"text": [{"type": "link", "text": "a.example/1"}]}, 2),
        ({"text": [{"type": "link", "text": "a.example:8080/1"}]}, 2),
        ({"text": [{"type": "mention", "text": "@somebody"}, {"type": "email", "text": "a@b.example"}]}, 0),
        ({"inline_bot_buttons": [[{"type": "url", "text": "Open", "data": "https://a.example/1"}]]}, 1),
        ({"inline_bot_buttons": [[{"type": "callback", "data": "https://a.example/1"}], [7], 7]}, 0),
        ({"text": None, "text_entities": None, "inline_bot_buttons": None}, 0),
    ],
)
def test_links_of_a_message(parts: dict[str, Any], links: int) -> None:
    found = links_of({"type": "message", **parts})
    assert len(found) == links, found
    assert all("a.example" in link.lower() or "b.example" in link for link in found)


def test_a_plain_link_ends_before_what_follows_it() -> None:
    assert links_of({"text": "(https://a.example/b_(c)). “https://a.example/d”…"}) == (
        "https://a.example/b_(c)",
        "https://a.example/d",
    )


def test_a_link_without_a_scheme_may_be_meant_either_way() -> None:
    parts = [{"type": "link", "text": "a.example/1"}, {"type": "link", "text": "tg://resolve?domain=a"}]
    assert links_of({"text": parts}) == (
        "https://a.example/1",
        "http://a.example/1",
        "tg://resolve?domain=a",
    )


def test_links_are_told_once_and_not_of_service_messages() -> None:
    part = {"type": "link", "text": "https://a.example/1"}
    twice = message(1, [part], text_entities=[part])
    pinned = {"id": 2, "type": "service", "action": "pin_message", "text": "https://a.example/2"}
    assert [one.links for one in read(chat(twice, pinned))] == [("https://a.example/1",), ()]


def test_topics() -> None:
    opened = {"id": 40, "type": "service", "action": "topic_created", "title": "Shops", "text": ""}
    found = read(
        chat(
            message(30),
            opened,
            message(41, reply_to_message_id=40),
            message(42, reply_to_message_id=30),
            message(43, topic_id=40),
            kind="private_supergroup",
        )
    )
    assert [one.topic_id for one in found] == [0, 0, 40, 0, 40]


def test_lone_surrogates_and_controls_do_not_get_through() -> None:
    [link] = links_of({"text": [{"type": "text_link", "text": "x", "href": "https://a.example/\ud83d\x001"}]})
    link.encode()
    assert link == "https://a.example/1"
