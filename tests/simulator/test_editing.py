"""Edits and deletions."""

from typing import Any

import pytest
import trio
from aiogram.types import Message
from trio.testing import MockClock

from simulation.botapi import BotApi
from simulation.botapi.editing import NOT_MODIFIED

KEYBOARD = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def test_edit_changes_the_message_not_its_place(api: BotApi, call: Any) -> None:
    sent = await call("sendMessage", chat_id=5, text="one", reply_markup=KEYBOARD)
    where = {"chat_id": 5, "message_id": sent["message_id"]}
    edited = Message.model_validate(await call("editMessageText", text="two https://a.example", **where))
    assert edited.edit_date is not None
    assert edited.reply_markup is None
    [kept] = api.messages(5)
    assert kept.edited
    assert (kept.text, kept.versions, kept.links) == ("two https://a.example", ["one"], ["https://a.example"])
    await call("editMessageReplyMarkup", reply_markup=KEYBOARD, **where)
    assert (kept.text, kept.links, kept.buttons) == (
        "two https://a.example",
        ["https://a.example"],
        [("Go", "go")],
    )


@pytest.mark.parametrize("chat_id", [5, -10, -1001, -1002])
async def test_the_same_again_proves_that_it_is_there(call: Any, chat_id: int) -> None:
    entities = [{"type": "text_link", "offset": 0, "length": 1, "url": "HTTPS://A.example"}]
    values = {"chat_id": chat_id, "text": " x ", "entities": entities, "reply_markup": KEYBOARD}
    sent = await call("sendMessage", **values)
    same = await call.error("editMessageText", message_id=sent["message_id"], **values)
    assert same == f"400 Bad Request: {NOT_MODIFIED}"
    gone = await call.error("editMessageText", message_id=sent["message_id"] + 1, **values)
    assert gone == "400 Bad Request: message to edit not found"


async def test_what_cannot_be_edited(api: BotApi, call: Any) -> None:
    api.user_says(5, 5, "mine")
    await call("sendPhoto", chat_id=5, photo="https://a.example/x.jpg")
    photo = api.journal[-1].message_id
    foreign = await call.error("editMessageText", chat_id=5, message_id=photo - 1, text="x")
    assert foreign == "400 Bad Request: message can't be edited"
    textless = await call.error("editMessageText", chat_id=5, message_id=photo, text="x")
    assert textless == "400 Bad Request: there is no text in the message to edit"
    await call("forwardMessage", chat_id=5, from_chat_id=5, message_id=photo)
    forwarded = await call.error("editMessageText", chat_id=5, message_id=photo + 1, text="x")
    assert forwarded == "400 Bad Request: message can't be edited"


async def test_posts_of_others_in_a_channel_are_overwritten(api: BotApi, call: Any) -> None:
    api.user_says(-1001, 9, "by an admin")
    await call("editMessageText", chat_id=-1001, message_id=1, text="oops")
    api.chats[-1001].state = "kicked"
    assert (await call.error("editMessageText", chat_id=-1001, message_id=1, text="x")).startswith("403 ")


async def test_deleted_is_gone(api: BotApi, call: Any) -> None:
    sent = await call("sendMessage", chat_id=5, text="x")
    where = {"chat_id": 5, "message_id": sent["message_id"]}
    assert await call("deleteMessage", **where) is True
    assert api.messages(5) == []
    assert api.journal[0].deleted
    assert await call.error("deleteMessage", **where) == "400 Bad Request: message to delete not found"
    assert (
        await call.error("editMessageText", text="y", **where) == "400 Bad Request: message to edit not found"
    )


async def test_what_cannot_be_deleted(api: BotApi, call: Any, autojump_clock: MockClock) -> None:
    sent = await call("sendMessage", chat_id=-10, text="x")
    api.user_says(-10, 5, "mine")
    foreign = await call.error("deleteMessage", chat_id=-10, message_id=sent["message_id"] + 1)
    await trio.sleep(49 * 3600)
    old = await call.error("deleteMessage", chat_id=-10, message_id=sent["message_id"])
    assert foreign == old == "400 Bad Request: message can't be deleted"
    api.chats[-10].bot_status = "administrator"
    await call("deleteMessage", chat_id=-10, message_id=sent["message_id"])
    await call("deleteMessage", chat_id=-10, message_id=sent["message_id"] + 1)
