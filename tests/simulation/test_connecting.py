"""/connect in the whole program: a chat is chosen, its rights are told, a test post comes and goes."""

import pytest
from aiogram.types import ChatMemberLeft, ChatMemberMember, User
from trio.testing import MockClock

from actors.telegram.rights import missing_rights
from simulation.botapi import Chat
from simulation.world import CHANNEL_ID, OWNER_ID, World
from tests.simulation.roles import EDITOR, GROUP, give_roles
from tests.simulation.running import Start

BOT = User(id=1, is_bot=True, first_name="Bot")


async def test_a_chosen_channel_gets_a_test_post_that_is_deleted(
    autojump_clock: MockClock, world: World, start: Start
) -> None:
    async with start(world) as life:
        asked = await life.says("/connect")
        assert "request_chat" in str(asked.parameters["reply_markup"])
        since = len(world.api.journal)
        world.api.people.shares_chat(OWNER_ID, CHANNEL_ID)
        told = await world.api.wait_for(lambda m: m.chat_id == OWNER_ID, since=since)
        assert told.text.startswith(f"✔️ I can post in Channel ({CHANNEL_ID})")
        [test] = [message for message in world.api.journal if message.chat_id == CHANNEL_ID]
        assert test.deleted
        assert test.silent
        assert world.api.messages(CHANNEL_ID) == []


@pytest.mark.parametrize(
    ("chat", "told"),
    [
        (Chat(chat_id=-800, kind="channel", state="kicked"), "cannot see the chat"),
        (Chat(chat_id=-800, kind="channel", bot_status="left"), "add me there"),
        (Chat(chat_id=-800, kind="channel", bot_status="restricted"), "Make me an administrator"),
        (Chat(chat_id=-800, kind="channel", state="no_rights"), "the bot may not post there"),
        (Chat(chat_id=-800, kind="group", bot_status="restricted"), "may not send messages"),
    ],
    ids=["kicked", "left", "member", "no rights", "restricted"],
)
async def test_what_is_missing_is_said(
    autojump_clock: MockClock, world: World, start: Start, chat: Chat, told: str
) -> None:
    world.api.chats.add(chat)
    async with start(world) as life:
        assert told in (await life.says("/connect -800")).text
        assert world.api.messages(-800) == []
        assert "Say which chat" in (await life.says("/connect nonsense")).text


async def test_only_owners_connect(autojump_clock: MockClock, world: World, start: Start) -> None:
    world.api.people.private(EDITOR)
    async with start(world) as life:
        await life.says("/start")
        give_roles(world)
        assert "private" in (await life.says(f"/connect {GROUP}", user_id=EDITOR)).text
        since = len(world.api.journal)
        world.api.people.shares_chat(EDITOR, CHANNEL_ID)
        told = await world.api.wait_for(lambda m: m.chat_id == EDITOR, since=since)
        assert "private" in told.text


def test_members_of_groups_may_post_and_those_who_left_may_not() -> None:
    assert missing_rights("group", ChatMemberMember(user=BOT)) == []
    assert missing_rights("channel", ChatMemberLeft(user=BOT)) == ["I am not in the chat: add me there."]
