"""sendMessage without aiogram's models says what it says with them, and its answers mean the same."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

import httpx
import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity

from actors.telegram.messenger import TelegramMessenger
from actors.telegram.session import HttpxSession
from core.errors import TokenRefused
from core.pictures.ways import Picture
from core.protocol import (
    Button,
    ChatMoved,
    Deferred,
    Entity,
    NotSent,
    OutgoingMessage,
    Place,
    PlaceSuspended,
    Rejected,
    SendOutcome,
    Sent,
    Uncertain,
)

MESSAGE = OutgoingMessage(place=Place(chat_id=-1001), text="Прощай & <b>, 😀\n+ % =")
ANSWER = {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}


class Telegram(httpx.AsyncBaseTransport):
    """Keeps what it is asked, and gives one answer."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.asked: list[dict[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        kind = request.headers["Content-Type"]
        self.asked.append(json.loads(body) if kind == "application/json" else dict(parse_qsl(body.decode())))
        assert request.headers["Content-Length"] == str(len(body))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def bot_at(answer: httpx.Response | Exception) -> tuple[Bot, Telegram]:
    telegram = Telegram(answer)
    return Bot("1000000:token-of-a-test", session=HttpxSession("http://telegram.example", telegram)), telegram


def said(result: object, *, ok: bool = True, status: int = 200, **more: object) -> httpx.Response:
    content = {"ok": ok, "result": result, **more} if ok else {"ok": ok, "description": result, **more}
    return httpx.Response(status, json=content)


def plain_form(asked: dict[str, object]) -> dict[str, object]:
    """Return parameters as they mean the same in a form and in JSON."""
    nested = {name: json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
              for name, value in asked.items()}  # fmt: skip
    return {name: str(value).lower() if isinstance(value, (bool, int)) else value
            for name, value in nested.items()}  # fmt: skip


MESSAGES = {
    "text": MESSAGE,
    "silent, in a topic": replace(MESSAGE, silent=True, place=Place(chat_id=-1001, topic_id=45)),
    "in the general topic": replace(MESSAGE, place=Place(chat_id=-1001, topic_id=1)),
    "without preview": replace(MESSAGE, preview=False),
    "with a picture as preview": replace(MESSAGE, picture=Picture(way="preview", url="http://p.example/1")),
    "buttons": replace(
        MESSAGE, buttons=((Button(text="Да", data="yes:1"), Button(text="Open", url="http://a.example/")),)
    ),
    "formatted": replace(
        MESSAGE,
        entities=(
            Entity(type="bold", offset=0, length=6),
            Entity(type="text_link", offset=2, length=3, url="http://a.example/?a=1&b=ж"),
            Entity(type="pre", offset=7, length=2, language="python"),
        ),
    ),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
async def test_it_says_what_aiogram_would(message: OutgoingMessage) -> None:
    bot, telegram = bot_at(said(ANSWER))
    preview = None if message.preview else LinkPreviewOptions(is_disabled=True)
    if message.picture is not None:
        preview = LinkPreviewOptions(
            url=message.picture.url, prefer_large_media=True, show_above_text=True, is_disabled=False
        )
    keyboard = [
        [InlineKeyboardButton(text=one.text, url=one.url, callback_data=one.data or None) for one in row]
        for row in message.buttons
    ]
    await bot.send_message(
        message.place.chat_id,
        message.text,
        message_thread_id=message.place.topic_id if message.place.topic_id > 1 else None,
        entities=[
            MessageEntity(
                type=one.type, offset=one.offset, length=one.length, url=one.url, language=one.language
            )
            for one in message.entities
        ]
        or None,
        disable_notification=message.silent or None,
        link_preview_options=preview,
        reply_markup=InlineKeyboardMarkup(inline_keyboard=keyboard) if keyboard else None,
    )
    assert await TelegramMessenger(bot).send(message) == Sent(message_ids=(7,))
    theirs, ours = telegram.asked
    assert plain_form(dict(ours)) == plain_form(dict(theirs))


async def test_a_lone_surrogate_is_no_crash() -> None:
    bot, telegram = bot_at(said(ANSWER))
    await TelegramMessenger(bot).send(replace(MESSAGE, text="a\ud83db"))
    assert telegram.asked[0]["text"] == "a\ud83db"


async def test_ids_that_run_over_the_account_are_noted() -> None:
    bot, _ = bot_at(said(ANSWER))
    messenger = TelegramMessenger(bot)
    await messenger.send(MESSAGE)
    assert messenger.highest_shared_id == 7


ANSWERS: dict[str, tuple[Callable[[], httpx.Response | Exception], SendOutcome]] = {
    "429": (
        lambda: said("Too Many", ok=False, status=429, parameters={"retry_after": 9}),
        Deferred(retry_after_s=9.0),
    ),
    "moved": (
        lambda: said("group", ok=False, status=400, parameters={"migrate_to_chat_id": -1009}),
        ChatMoved(new_chat_id=-1009),
    ),
    "400": (
        lambda: said("Bad Request: message is too long", ok=False, status=400),
        Rejected(error="message is too long"),
    ),
    "403": (
        lambda: said("Forbidden: bot was kicked from the channel chat", ok=False, status=403),
        PlaceSuspended(reason="kicked"),
    ),
    "409": (lambda: said("Conflict: x", ok=False, status=409), NotSent(error="Conflict: x")),
    "500": (lambda: said("Internal", ok=False, status=500), Uncertain(error="TelegramServerError")),
    "garbage": (lambda: httpx.Response(200, content=b"<html>"), Uncertain(error="ClientDecodeError")),
    "no message": (lambda: said({"message_id": "7"}), Uncertain(error="ClientDecodeError")),
    "ok, with a bad status": (lambda: said(ANSWER, status=500), Uncertain(error="TelegramServerError")),
    "an error that says nothing": (lambda: httpx.Response(400, json={"ok": False}), Rejected(error="")),
    "no connection": (lambda: httpx.ConnectError(""), NotSent(error="ConnectError")),
    "broken off": (lambda: httpx.ReadError(""), Uncertain(error="OutcomeUnknown")),
}


@pytest.mark.parametrize(("answer", "outcome"), ANSWERS.values(), ids=ANSWERS)
async def test_what_an_answer_means(
    answer: Callable[[], httpx.Response | Exception], outcome: SendOutcome
) -> None:
    bot, _ = bot_at(answer())
    assert await TelegramMessenger(bot).send(MESSAGE) == outcome


async def test_a_refused_token_ends_it() -> None:
    bot, _ = bot_at(said("Unauthorized", ok=False, status=401))
    with pytest.raises(TokenRefused):
        await TelegramMessenger(bot).send(MESSAGE)
