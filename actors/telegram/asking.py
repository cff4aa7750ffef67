"""Asking a person something in private, and which of their messages answers."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ForceReply, Message, ReplyKeyboardMarkup, User

from actors.context import Context
from actors.telegram.matching import lone_file, said_in_private
from core.errors import UserError
from store import conversations
from store.conversations import About, Asked

CANCEL = "/cancel"


async def question_for(ctx: Context, message: Message) -> Asked | None:
    """Return the question that a message answers; None where it is no answer to any."""
    file = await lone_file(message)
    if message.from_user is None or not (file or await said_in_private(message)):
        return None
    asked = await ctx.store.read(conversations.asked, message.from_user.id)
    replied = message.reply_to_message
    reply_to = 0 if replied is None else replied.message_id
    if asked is None or not asked.is_answered_by(message.message_id, reply_to=reply_to, now_ms=ctx.now_ms()):
        return None
    return asked if file == (asked.about == "list") else None


async def ask_in_private(
    ctx: Context,
    bot: Bot,
    user: User,
    about: About,
    subject: int,
    words: str,
    *,
    keyboard: ReplyKeyboardMarkup | None = None,
) -> None:
    """Ask somebody in private; the answer is known for one (`store.conversations`).

    `keyboard` has buttons that answer; without one the field for text is opened.

    Raises:
        UserError: the bot may not write to them.
    """
    sent = await tell_in_private(bot, user, words, keyboard or ForceReply())
    await ctx.store.write(
        conversations.ask,
        user.id,
        about=about,
        subject=subject,
        question=sent.message_id,
        now_ms=ctx.now_ms(),
    )


async def tell_in_private(
    bot: Bot, user: User, words: str, markup: ForceReply | ReplyKeyboardMarkup | None = None
) -> Message:
    """Tell somebody who pressed a button something that is for nobody else.

    Raises:
        UserError: the bot may not write to them.
    """
    try:
        return await bot.send_message(user.id, words, parse_mode=None, reply_markup=markup)
    except (TelegramForbiddenError, TelegramBadRequest):
        raise UserError("Open a private chat with me, press Start, and press here again.") from None


async def calls_off(message: Message) -> bool:
    """Accept the word that ends a question, in a private chat."""
    word = (message.text or "").partition("@")[0]
    return message.chat.type == "private" and word.strip().lower() == CANCEL


async def concerns_a_question(ctx: Context, message: Message) -> bool:
    """Tell whether a message answers a question, or calls one off."""
    if await calls_off(message):
        return await ctx.store.read(conversations.asked, message.chat.id) is not None
    return await question_for(ctx, message) is not None
