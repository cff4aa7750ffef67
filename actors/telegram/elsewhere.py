"""Commands in a group about another chat: what they tell is not for this group."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import Chat, Message, TelegramObject, User

from actors.telegram.access import ReadableErrors
from actors.telegram.answering import can_be_reached
from core.commands import find_command
from core.requests import Target, split_target

_Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Elsewhere(BaseMiddleware):
    """Takes a command in a group that names another chat as one given in private.

    Its answers, errors, cards and buttons come there. Where the bot cannot write to
    somebody nothing is done, and the group is told no more than that.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._errors = ReadableErrors()

    async def __call__(self, handler: _Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401
        if not isinstance(event, Message) or event.from_user is None or not _is_about_another_chat(event):
            return await handler(event, data)
        if not await can_be_reached(self._bot, event):
            return None
        return await self._errors(handler, _as_in_private(event, event.from_user), data)


def _is_about_another_chat(message: Message) -> bool:
    """Tell whether a command of somebody with a name, in a group, names a chat that is not this group."""
    words = (message.text or message.caption or "").split()
    if message.chat.type == "private" or message.sender_chat is not None or not words:
        return False
    command = find_command(words[0].partition("@")[0]) if words[0].startswith("/") else None
    if command is None or "@chat" not in command.usage:
        return False
    places = words[1:] if command.name == "post" else words[1:2]
    targets = (split_target([word])[0] for word in places)
    return any(target is not None and not _is_this(target, message.chat) for target in targets)


def _is_this(target: Target, chat: Chat) -> bool:
    if isinstance(target.chat, int):
        return target.chat == chat.id
    return target.chat.lower() == f"@{chat.username or ''}".lower()


def _as_in_private(message: Message, person: User) -> Message:
    place = Chat(id=person.id, type="private", first_name=person.first_name)
    return message.model_copy(
        update={"chat": place, "message_thread_id": None, "is_topic_message": None, "reply_markup": None}
    )
