"""Chats and those in them."""

from typing import Any

import pytest
from aiogram.methods import Response
from aiogram.types import ChatFullInfo, ChatMemberUnion

from simulation.botapi import BotApi


def read(said: Any) -> Any:
    return Response[ChatMemberUnion].model_validate({"ok": True, "result": said}).result


@pytest.mark.parametrize("chat_id", [5, -10, -1001, -1002])
async def test_get_chat(api: BotApi, call: Any, chat_id: int) -> None:
    chat = ChatFullInfo.model_validate(await call("getChat", chat_id=chat_id))
    assert (chat.id, chat.type) == (chat_id, api.chats[chat_id].kind)
    assert chat.full_name


async def test_get_chat_details(api: BotApi, call: Any) -> None:
    assert (await call("getChat", chat_id=-1002))["is_forum"]
    api.chats[-1001].protected = True
    chat = ChatFullInfo.model_validate(await call("getChat", chat_id="@news_channel"))
    assert chat.has_protected_content
    api.chats[5].state = "blocked"
    await call("getChat", chat_id=5)
    api.chats[-1001].state = "kicked"
    assert (await call.error("getChat", chat_id=-1001)).startswith("403 ")


@pytest.mark.parametrize("status", ["creator", "administrator", "member", "restricted", "left", "kicked"])
async def test_members(api: BotApi, call: Any, status: Any) -> None:
    api.chats[-10].members[77] = status
    member = read(await call("getChatMember", chat_id=-10, user_id=77))
    assert (member.status, member.user.id) == (status, 77)


async def test_members_unlisted(api: BotApi, call: Any) -> None:
    async def status(chat_id: int, user_id: int) -> str:
        return str((await call("getChatMember", chat_id=chat_id, user_id=user_id))["status"])

    assert await status(-10, 1234) == "left"
    assert await status(-1001, 42) == "administrator"
    assert await status(5, 5) == "member"
    stranger = await call.error("getChatMember", chat_id=5, user_id=6)
    assert stranger == "400 Bad Request: PARTICIPANT_ID_INVALID"
    assert await call.error("getChatMember", chat_id=5) == "400 Bad Request: invalid user_id specified"


async def test_administrators(api: BotApi, call: Any) -> None:
    api.chats[-10].bot_status = "administrator"
    found = [read(one) for one in await call("getChatAdministrators", chat_id=-10)]
    assert [(one.user.id, one.status) for one in found] == [(5, "creator"), (42, "administrator")]
    alone = await call.error("getChatAdministrators", chat_id=5)
    assert alone == "400 Bad Request: there are no administrators in the private chat"


async def test_leaving(api: BotApi, call: Any) -> None:
    assert await call("leaveChat", chat_id=-10)
    gone = await call.error("sendMessage", chat_id=-10, text="x")
    assert gone == "403 Forbidden: bot is not a member of the group chat"
    assert (await call.error("leaveChat", chat_id=5)).startswith("400 ")


async def test_chat_actions(api: BotApi, call: Any) -> None:
    assert await call("sendChatAction", chat_id=5, action="typing")
    assert api.cloud.actions == [(5, "typing")]
