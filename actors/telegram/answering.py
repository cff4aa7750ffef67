"""Answers that others in a group need not read: given in private where the bot may write there."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, Message, MessageEntity, User

from actors.context import Context
from store import people
from store.finding import Scope

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def answer_in_private(
    bot: Bot,
    message: Message,
    text: str,
    *,
    entities: list[MessageEntity] | None = None,
    keyboard: InlineKeyboardMarkup | None = None,
) -> None:
    """Answer whoever wrote a message, in private; in the chat itself where that is impossible."""
    if message.chat.type != "private" and message.from_user is not None:
        try:
            await bot.send_message(
                message.from_user.id,
                text,
                entities=entities,
                parse_mode=None,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard,
            )
        except (TelegramForbiddenError, TelegramBadRequest):  # they never wrote to the bot, or blocked it
            pass
        else:
            return
    await message.answer(
        text, entities=entities, parse_mode=None, link_preview_options=_NO_PREVIEW, reply_markup=keyboard
    )


async def scope_of(ctx: Context, user: User | None, chat_id: int, *, private: bool) -> Scope:
    """Return the chats of which somebody may be told here: in private all of theirs, elsewhere this one."""
    if not private:
        return (chat_id,)
    if user is None:
        return ()
    return await ctx.store.read(people.chats_of, ctx.settings.owner_ids, user_id=user.id)
