"""What people do, as aiogram reads it."""

from typing import Any

import pytest
from aiogram.types import CallbackQuery, Message, Update

from simulation.botapi import BotApi, Chat


@pytest.fixture
def heard(api: BotApi, call: Any) -> Any:
    async def read() -> list[Update]:
        return [Update.model_validate(one) for one in await call("getUpdates")]

    return read


async def test_commands(api: BotApi, heard: Any) -> None:
    update_id = api.user_says(5, 5, "/add https://a.example/ every=5m", username="ann", language_code="ru")
    [update] = await heard()
    message = update.message
    assert update.update_id == update_id
    assert isinstance(message, Message)
    assert [(one.type, one.offset, one.length) for one in message.entities or ()] == [
        ("bot_command", 0, 4),
        ("url", 5, 18),
    ]
    assert message.from_user is not None
    assert (message.from_user.username, message.from_user.language_code) == ("ann", "ru")


async def test_strangers_open_private_chats(api: BotApi, call: Any, heard: Any) -> None:
    api.user_says(77, 77, "hello", username="new")
    [update] = await heard()
    assert (update.message.chat.type, update.message.chat.username) == ("private", "new")
    await call("sendMessage", chat_id=77, text="hello")


async def test_groups_topics_channels(api: BotApi, heard: Any) -> None:
    api.user_says(-1002, 6, "/list@vestnik_bot", topic_id=7)
    api.user_says(-1001, 6, "a post")
    in_topic, post = await heard()
    assert (in_topic.message.message_thread_id, in_topic.message.is_topic_message) == (7, True)
    assert in_topic.message.chat.is_forum
    assert (post.event_type, post.channel_post.sender_chat.id) == ("channel_post", -1001)


async def test_answers_to_a_message(api: BotApi, call: Any, heard: Any) -> None:
    sent = await call("sendMessage", chat_id=5, text="which one?")
    api.user_says(5, 5, "that one", reply_to=sent["message_id"])
    [update] = await heard()
    assert update.message.reply_to_message.text == "which one?"


async def test_forwards(api: BotApi, call: Any, heard: Any) -> None:
    await call("sendMessage", chat_id=-1001, text="news https://a.example/1")
    api.people.forwards(5, 5, api.journal[0])
    [update] = await heard()
    assert update.message.forward_origin.chat.id == -1001
    assert update.message.text == "news https://a.example/1"


async def test_presses(api: BotApi, call: Any, heard: Any) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await call("sendMessage", chat_id=-10, text="x", reply_markup=keyboard)
    api.press(-10, 6, sent["message_id"], "go")
    [update] = await heard()
    query = update.callback_query
    assert isinstance(query, CallbackQuery)
    assert (query.data, query.from_user.id) == ("go", 6)
    assert isinstance(query.message, Message)
    assert query.message.reply_markup is not None
    with pytest.raises(LookupError, match="no message 1 in chat -10"):
        api.press(-10, 6, 1, "go")


@pytest.mark.parametrize(
    ("chat_id", "status", "error"),
    [
        (5, "kicked", "403 Forbidden: bot was blocked by the user"),
        (-1001, "kicked", "403 Forbidden: bot was kicked from the channel chat"),
        (-1002, "left", "403 Forbidden: bot is not a member of the supergroup chat"),
    ],
)
async def test_bot_goes_and_comes_back(api: BotApi, call: Any, chat_id: int, status: Any, error: str) -> None:
    api.people.set_bot_status(chat_id, 5, status)
    assert await call.error("sendMessage", chat_id=chat_id, text="x") == error
    api.people.set_bot_status(chat_id, 5, "member")
    await call("sendMessage", chat_id=chat_id, text="x")
    gone, back = [Update.model_validate(one).my_chat_member for one in await call("getUpdates")]
    assert gone is not None
    assert back is not None
    assert (gone.new_chat_member.status, back.old_chat_member.status) == (status, status)
    assert back.chat.id == chat_id


async def test_migration_is_said_in_both_chats(api: BotApi, call: Any, heard: Any) -> None:
    api.people.migrate(-10, -1003, user_id=5)
    gone, come = [update.message for update in await heard()]
    assert (gone.chat.id, gone.migrate_to_chat_id) == (-10, -1003)
    assert (come.chat.id, come.migrate_from_chat_id) == (-1003, -10)
    assert (await call("getChatMember", chat_id=-1003, user_id=5))["status"] == "creator"


async def test_posts_of_a_channel_are_shown_to_its_administrators(api: BotApi, heard: Any, call: Any) -> None:
    channel = api.chats.add(Chat(chat_id=-1009, kind="channel"))
    file, post = api.people.sends_file(-1009, 5, "list.opml", b"", caption="/import"), "/list"
    api.user_says(-1009, 5, post)
    await call("sendMessage", chat_id=-1009, text="its own")
    shown = [update.channel_post for update in await heard()]
    assert [(one.message_id, one.from_user) for one in shown if one] == [(file, None), (file + 1, None)]
    channel.bot_status = "left"
    api.user_says(-1009, 5, post)
    assert len(await heard()) == len(shown)
