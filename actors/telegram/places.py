"""Which chat a command is about: the one it was given in, or the one it names."""

from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import Chat, ChatFullInfo, MaybeInaccessibleMessageUnion, Message

from actors.context import Context
from actors.telegram.access import require_here
from core.errors import UserError
from core.protocol import Place
from core.requests import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatHere:
    """A chat and topic as Telegram knows them now."""

    chat_id: int
    topic_id: int
    type: str
    title: str


async def here_or_there(bot: Bot, message: Message, target: Target | None) -> ChatHere:
    """Return the chat a command is about.

    Raises:
        UserError: it names a chat that the bot cannot see.
    """
    if target is None:
        topic = message.message_thread_id if message.is_topic_message else None
        return _chat(message.chat, topic or 0)
    return await look_up(bot, target)


async def allowed_place(
    ctx: Context, bot: Bot, message: Message, target: Target | None, who: str
) -> ChatHere:
    """Return the chat a command is about, if whoever gave it is at least `who` there.

    Raises:
        UserError: it names a chat that the bot cannot see, or where this user may not do that.
    """
    chat = await here_or_there(bot, message, target)
    await require_here(ctx, message, chat.chat_id, who)
    return chat


async def look_up(bot: Bot, target: Target) -> ChatHere:
    """Ask Telegram for a chat.

    Raises:
        UserError: the bot cannot see it.
    """
    try:
        return _chat(await bot.get_chat(target.chat), target.topic_id)
    except (TelegramBadRequest, TelegramForbiddenError):
        raise UserError(
            "I cannot see the chat {chat}. Add me there first; in a channel, as an "
            "administrator that may post.",
            chat=target.chat,
        ) from None


def place_of(message: MaybeInaccessibleMessageUnion) -> Place:
    """Return where a message stands; of one that is too old the topic is not known."""
    topic_id = (
        message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    )
    return Place(chat_id=message.chat.id, topic_id=topic_id or 0)


def _chat(chat: Chat | ChatFullInfo, topic_id: int) -> ChatHere:
    return ChatHere(
        chat_id=chat.id, topic_id=topic_id, type=chat.type, title=chat.title or chat.full_name or ""
    )
