"""Messages that the bot sends: where they may go, what they become."""

from typing import Any

import pytest
from aiogram.types import Message, MessageId

from simulation.botapi import Accepted, BotApi, Chat


async def test_sent_message_is_in_the_journal(api: BotApi, call: Any) -> None:
    keyboard = {
        "inline_keyboard": [
            [{"text": "Go", "callback_data": "go"}, {"text": "W", "url": "https://w.example/"}]
        ]
    }
    entities = [{"type": "text_link", "offset": 0, "length": 5, "url": "https://a.example/1"}]
    result = await call(
        "sendMessage",
        chat_id=5,
        text="Hello",
        entities=entities,
        reply_markup=keyboard,
        disable_notification=True,
    )
    message = Message.model_validate(result)
    [kept] = api.journal
    assert (message.message_id, message.text, message.chat.id) == (kept.message_id, "Hello", 5)
    assert message.from_user is not None
    assert message.from_user.id == 42
    assert kept.links == ["https://a.example/1"]
    assert kept.silent
    assert kept.parameters["disable_notification"] == "true"
    assert int(kept.at) == int(message.date.timestamp())
    assert kept.buttons == [("Go", "go"), ("W", "https://w.example/")]
    assert not kept.edited
    assert not kept.deleted


async def test_numbers_of_messages(api: BotApi, call: Any) -> None:
    async def number(chat_id: int) -> int:
        return int((await call("sendMessage", chat_id=chat_id, text="x"))["message_id"])

    first = await number(5)
    assert [await number(-10), await number(5)] == [first + 1, first + 2]
    assert [await number(-1001), await number(-1001), await number(-1002)] == [1, 2, 1]
    api.user_says(5, 5, "one more")
    assert await number(-10) == first + 4


async def test_public_names_and_unknown_chats(call: Any) -> None:
    sent = await call("sendMessage", chat_id="@News_Channel", text="x")
    assert sent["sender_chat"]["id"] == sent["chat"]["id"] == -1001
    assert await call.error("sendMessage", chat_id="@ann", text="x") == "400 Bad Request: chat not found"
    assert await call.error("sendMessage", chat_id=99, text="x") == "400 Bad Request: chat not found"
    assert await call.error("sendMessage", text="x") == "400 Bad Request: chat_id is empty"


@pytest.mark.parametrize(
    ("chat_id", "state", "error"),
    [
        (5, "blocked", "403 Forbidden: bot was blocked by the user"),
        (5, "never_started", "403 Forbidden: bot can't initiate conversation with a user"),
        (5, "deactivated", "403 Forbidden: user is deactivated"),
        (-10, "kicked", "403 Forbidden: bot was kicked from the group chat"),
        (-1001, "kicked", "403 Forbidden: bot was kicked from the channel chat"),
        (-1002, "kicked", "403 Forbidden: bot was kicked from the supergroup chat"),
        (-1001, "left", "403 Forbidden: bot is not a member of the channel chat"),
        (-1002, "no_rights", "400 Bad Request: not enough rights to send text messages to the chat"),
        (-10, "not_found", "400 Bad Request: chat not found"),
    ],
)
async def test_places_that_cannot_be_written_to(
    api: BotApi, call: Any, chat_id: int, state: Any, error: str
) -> None:
    api.chats[chat_id].state = state
    assert await call.error("sendMessage", chat_id=chat_id, text="x") == error
    assert await call.error("sendPhoto", chat_id=chat_id, photo="https://a.example/x.jpg") == error
    assert api.journal == []


async def test_migrated_group_names_its_successor(api: BotApi, call: Any) -> None:
    api.people.migrate(-10, -1003)
    answer = (await call.raw("sendMessage", chat_id=-10, text="x")).json()
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": -1003}
    await call("sendMessage", chat_id=-1003, text="x")


async def test_topics(api: BotApi, call: Any) -> None:
    sent = Message.model_validate(await call("sendMessage", chat_id=-1002, message_thread_id=7, text="x"))
    assert (sent.message_thread_id, sent.is_topic_message) == (7, True)
    assert (await call("sendMessage", chat_id=-1002, text="x")).get("message_thread_id") is None
    closed = await call.error("sendMessage", chat_id=-1002, message_thread_id=8, text="x")
    gone = await call.error("sendMessage", chat_id=-1002, message_thread_id=9, text="x")
    assert (closed, gone) == ("400 Bad Request: TOPIC_CLOSED", "400 Bad Request: message thread not found")
    api.chats[-1002].bot_status = "administrator"
    await call("sendMessage", chat_id=-1002, message_thread_id=8, text="x")
    assert (await call("sendMessage", chat_id=5, message_thread_id=9, text="x")).get(
        "message_thread_id"
    ) is None
    assert [one.topic_id for one in api.messages(-1002)] == [7, 0, 8]
    assert [one.topic_id for one in api.messages(-1002, topic_id=7)] == [7]


async def test_photo(api: BotApi, call: Any) -> None:
    result = await call(
        "sendPhoto", chat_id=5, photo="https://a.example/x.jpg", caption="see https://b.example"
    )
    message = Message.model_validate(result)
    assert message.photo is not None
    assert message.caption == "see https://b.example"
    assert message.caption_entities is not None
    assert (api.journal[0].photo, api.journal[0].links) == ("https://a.example/x.jpg", ["https://b.example"])
    wrong = await call.error("sendPhoto", chat_id=5, photo="javascript:alert(1)")
    assert wrong == "400 Bad Request: wrong file identifier/HTTP URL specified"


async def test_answers_to_messages(api: BotApi, call: Any) -> None:
    first = await call("sendMessage", chat_id=5, text="x")
    await call("sendMessage", chat_id=5, text="y", reply_parameters={"message_id": first["message_id"]})
    assert api.journal[-1].reply_to == first["message_id"]
    missing = await call.error("sendMessage", chat_id=5, text="y", reply_to_message_id=1)
    assert missing == "400 Bad Request: message to be replied not found"
    lenient = {"message_id": 1, "allow_sending_without_reply": True}
    await call("sendMessage", chat_id=5, text="y", reply_parameters=lenient)
    assert api.journal[-1].reply_to == 0


async def test_forward_tells_where_from(api: BotApi, call: Any) -> None:
    post = await call("sendMessage", chat_id=-1001, text="news https://a.example/1")
    where = {"from_chat_id": -1001, "message_id": post["message_id"]}
    copy = Message.model_validate(await call("forwardMessage", chat_id=5, disable_notification=True, **where))
    assert copy.forward_origin is not None
    assert copy.forward_origin.type == "channel"
    assert (copy.text, copy.chat.id) == ("news https://a.example/1", 5)
    assert api.journal[-1].origin is api.journal[0]
    assert api.journal[-1].links == ["https://a.example/1"]
    again = {"from_chat_id": 5, "message_id": copy.message_id}
    await call("forwardMessage", chat_id=-10, **again)
    assert api.journal[-1].origin is api.journal[0]
    api.user_says(5, 5, "mine")
    mine = {"from_chat_id": 5, "message_id": copy.message_id + 2}
    told = Message.model_validate(await call("forwardMessage", chat_id=-10, **mine))
    assert told.forward_origin is not None
    assert told.forward_origin.type == "user"


async def test_copy_does_not(api: BotApi, call: Any) -> None:
    await call("sendPhoto", chat_id=-1001, photo="https://a.example/x.jpg", caption="old")
    where = {"from_chat_id": -1001, "message_id": 1}
    copy = MessageId.model_validate(await call("copyMessage", chat_id=5, caption="new", **where))
    kept = api.journal[-1]
    assert (kept.message_id, kept.text, kept.origin) == (copy.message_id, "new", None)
    await call("copyMessage", chat_id=5, **where)
    assert (api.journal[-1].text, api.journal[-1].photo) == ("old", "https://a.example/x.jpg")


@pytest.mark.parametrize(
    ("method", "verb", "done"),
    [("forwardMessage", "forward", "forwarded"), ("copyMessage", "copy", "copied")],
)
async def test_what_cannot_be_forwarded(api: BotApi, call: Any, method: str, verb: str, done: str) -> None:
    await call("sendMessage", chat_id=-1001, text="x")
    nothing = await call.error(method, chat_id=5, from_chat_id=-1001, message_id=2)
    assert nothing == f"400 Bad Request: message to {verb} not found"
    api.chats[-1001].protected = True
    assert (await call("sendMessage", chat_id=-1001, text="x"))["has_protected_content"]
    protected = await call.error(method, chat_id=5, from_chat_id=-1001, message_id=1)
    assert protected == f"400 Bad Request: message can't be {done}"


async def test_hooks_are_told_before_the_answer(api: BotApi, call: Any) -> None:
    told: list[Accepted] = []
    api.on_accepted.append(told.append)
    await call("sendMessage", chat_id=5, text="x")
    api.user_says(5, 5, "not the bot's")
    assert told == api.journal


def test_titles_of_chats() -> None:
    assert Chat(chat_id=-7, kind="group").title == "Group 7"
    assert Chat(chat_id=-7, kind="group", title="Us").title == "Us"


def test_every_chat_can_be_listed(api: BotApi) -> None:
    assert [chat.chat_id for chat in api.chats] == [5, -10, -1001, -1002]
