"""Who may call, what may be called, and the bot's own things."""

from typing import Any

import httpx
import pytest
from aiogram.types import BotCommand, User

from simulation.botapi import BotApi
from simulation.http import Request


async def test_get_me(call: Any) -> None:
    me = User.model_validate(await call("getMe"))
    assert (me.id, me.is_bot, me.username) == (42, True, "vestnik_bot")


@pytest.mark.parametrize(
    ("target", "code", "description"),
    [
        ("/bot42:WRONG/getMe", 401, "Unauthorized"),
        ("/bot/getMe", 401, "Unauthorized"),
        ("/bot42:TEST/nothing", 404, "Not Found"),
        ("/bot42:TEST/", 404, "Not Found"),
        ("/file/bot42:TEST/x", 404, "Not Found"),
    ],
)
async def test_wrong_addresses(api: BotApi, target: str, code: int, description: str) -> None:
    reply = await api.handle(Request(method="GET", target=target))
    answer = httpx.Response(reply.status, content=reply.body).json()
    assert answer == {"ok": False, "error_code": code, "description": description}
    assert reply.status == code


async def test_letters_of_methods_do_not_matter(api: BotApi, call: Any) -> None:
    await call("GETME")
    assert [method for _, method, _ in api.calls] == ["getme"]


async def test_commands_by_scope_and_language(call: Any) -> None:
    commands = [{"command": "add", "description": "Watch a feed"}]
    assert await call("setMyCommands", commands=commands)
    chat = {"type": "chat", "chat_id": 5}
    await call("setMyCommands", commands=[], scope=chat, language_code="ru")
    [kept] = [BotCommand.model_validate(one) for one in await call("getMyCommands")]
    assert kept.command == "add"
    assert await call("getMyCommands", scope=chat, language_code="ru") == []


@pytest.mark.parametrize(
    ("commands", "description"),
    [
        (None, "can't parse commands list"),
        ([{"command": "a", "description": "x"}] * 101, "can't parse commands list"),
        ([{"command": "Add", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "add"}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "add", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_refused_commands(call: Any, commands: Any, description: str) -> None:
    values = {} if commands is None else {"commands": commands}
    assert await call.error("setMyCommands", **values) == f"400 Bad Request: {description}"


async def test_each_query_takes_one_answer(api: BotApi, call: Any) -> None:
    sent = await call("sendMessage", chat_id=5, text="x")
    api.press(5, 5, sent["message_id"], "go")
    [update] = await call("getUpdates")
    query_id = update["callback_query"]["id"]
    assert await call("answerCallbackQuery", callback_query_id=query_id, text="done", show_alert=True)
    [answer] = api.callback_answers
    assert (answer["id"], answer["text"], answer["show_alert"]) == (query_id, "done", True)
    assert (await call.error("answerCallbackQuery", callback_query_id=query_id)).startswith(
        "400 Bad Request: query is too old"
    )


def test_bots_of_odd_tokens(api: BotApi) -> None:
    odd = BotApi(token="odd", now=api.cloud.now, rng=api.cloud.rng)
    assert odd.cloud.bot.user_id == 1
    named = BotApi(token="7:x", now=api.cloud.now, rng=api.cloud.rng, bot=api.cloud.bot)
    assert named.cloud.bot.user_id == 42
