"""Answers that others in a group need not read: given in private, or not at all."""

from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    User,
)

from actors.context import Context
from core.languages import gettext as _
from core.languages import marked
from store import people
from store.finding import Scope

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_WRITE_FIRST = marked("Write to me first, then ask again: https://t.me/{name}?start=hello")
_NAMELESS = marked("I answer that in private only, and you write without a name here.")


async def answer_in_private(
    bot: Bot,
    message: Message,
    text: str,
    *,
    entities: list[MessageEntity] | None = None,
    keyboard: InlineKeyboardMarkup | None = None,
) -> None:
    """Answer whoever wrote a message, in private; a group is told no more than how to make that possible."""

    async def send(chat_id: int) -> None:
        await bot.send_message(
            chat_id,
            text,
            entities=entities,
            parse_mode=None,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard,
        )

    await _reach(bot, message, send)


async def file_in_private(bot: Bot, message: Message, body: bytes, name: str, *, caption: str = "") -> None:
    """Send a file to whoever wrote a message, as `answer_in_private` sends a text."""

    async def send(chat_id: int) -> None:
        await _send_file(bot, chat_id, body, name, caption)

    await _reach(bot, message, send)


async def file_to_presser(
    bot: Bot, press: CallbackQuery, body: bytes, name: str, *, caption: str = ""
) -> None:
    """Send a file to whoever pressed a button, in private, and answer the press."""

    async def send(chat_id: int) -> None:
        await _send_file(bot, chat_id, body, name, caption)

    reached = await _try(send, press.from_user.id)
    await press.answer(None if reached else await _write_first(bot), show_alert=not reached)


async def _send_file(bot: Bot, chat_id: int, body: bytes, name: str, caption: str) -> None:
    file = BufferedInputFile(body, filename=name)
    await bot.send_document(chat_id, file, caption=caption or None, parse_mode=None)


async def can_be_reached(bot: Bot, message: Message) -> bool:
    """Return whether whoever wrote in a group can be answered in private; where not, the group is told how.

    Telegram tells it of what leaves nothing behind (https://core.telegram.org/bots/api#sendchataction).
    """

    async def send(chat_id: int) -> None:
        await bot.send_chat_action(chat_id, "typing")

    return await _reach(bot, message, send)


async def _reach(bot: Bot, message: Message, send: Callable[[int], Awaitable[None]]) -> bool:
    """Send something to whoever wrote a message, and return whether they can be reached."""
    person = message.from_user
    if message.chat.type == "private":
        await send(message.chat.id)
        return True
    if person is None or message.sender_chat is not None:
        await message.answer(_(_NAMELESS))
        return False
    if await _try(send, person.id):
        return True
    text = await _write_first(bot)
    await message.answer(text, parse_mode=None, link_preview_options=_NO_PREVIEW)
    return False


async def _try(send: Callable[[int], Awaitable[None]], user_id: int) -> bool:
    """Send something to a person, and return whether they let the bot."""
    try:
        await send(user_id)
    except (TelegramForbiddenError, TelegramBadRequest) as error:
        # They never wrote to the bot, or blocked it.
        if isinstance(error, TelegramBadRequest) and "chat not found" not in error.message:
            raise
        return False
    return True


async def _write_first(bot: Bot) -> str:
    return _(_WRITE_FIRST).format(name=(await bot.me()).username)


async def scope_of(ctx: Context, user: User | None, chat_id: int, *, private: bool) -> Scope:
    """Return the chats of which somebody may be told here: in private all of theirs, elsewhere this one."""
    if not private:
        return (chat_id,)
    if user is None:
        return ()
    return await ctx.store.read(people.chats_of, ctx.settings.owner_ids, user_id=user.id)
