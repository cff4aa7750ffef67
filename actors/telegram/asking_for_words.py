"""Asking somebody what to look for: /find without words."""

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, User

from actors.context import Context
from actors.telegram.access import require, require_here
from actors.telegram.answering import scope_of
from actors.telegram.asking import ask_in_private, question_for
from actors.telegram.commands.find import HOW, found_page
from actors.telegram.matching import Alone, pressed, said_in_private
from actors.telegram.panels import button
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.searching import search_words
from store import conversations
from store.finding import Scope

_EVERYWHERE = 0
"""Stands for all chats that somebody may look at, where others have the id of one."""
_ASK = marked("What shall I look for? Send me words of a title, a text or an address. /cancel ends this.")


def router(ctx: Context) -> Router:
    """Return the router of the question, its button and its answers; it must come before that of /find."""
    routes = Router(name="asking_for_words")

    @routes.message(Alone("find"))
    async def find(message: Message, bot: Bot) -> None:
        if message.chat.type == "private" and message.from_user is not None:
            await ask_in_private(ctx, bot, message.from_user, "find", _EVERYWHERE, _(_ASK))
            return
        await require_here(ctx, message, message.chat.id, "viewer")
        rows = [[button(_("Ask me in private"), f"find:ask:{message.chat.id}")]]  # what is found is for one
        await message.answer(_(HOW), reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))

    @routes.callback_query(pressed(r"find:ask:-?\d{1,18}"))
    async def ask(press: CallbackQuery, bot: Bot) -> None:
        chat_id = int((press.data or "").split(":")[2])
        await require(ctx, press.from_user, chat_id, "viewer")
        await ask_in_private(ctx, bot, press.from_user, "find", chat_id, _(_ASK))
        await press.answer(_("I asked you in private."))

    @routes.message(said_in_private)
    async def answered(message: Message) -> None:
        user, asked = message.from_user, await question_for(ctx, message)
        if user is None or asked is None or asked.about != "find":
            raise SkipHandler  # it is for those behind
        words = search_words(message.text or "")
        if not words:
            raise UserError("Send the words to look for, or /cancel.")
        text, entities, keyboard = await found_page(ctx, words, await _scope(ctx, user, asked.subject))
        await message.answer(text, entities=entities, parse_mode=None, reply_markup=keyboard)
        await ctx.store.write(conversations.answered, user.id, message_id=message.message_id)

    return routes


async def _scope(ctx: Context, user: User, subject: int) -> Scope:
    """Return the chats that a question is about, if this user may still look at them.

    Raises:
        UserError: they may not.
    """
    if subject != _EVERYWHERE:
        await require(ctx, user, subject, "viewer")
        return (subject,)
    scope = await scope_of(ctx, user, user.id, private=True)
    if scope == ():
        raise UserError("You may not do that there.")
    return scope
