"""/lang: the language in which somebody, or a chat, is spoken to."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import named, pressed
from actors.telegram.places import allowed_place
from core.language_request import parse_language
from core.languages import LANGUAGES, speaking, spoken
from core.languages import gettext as _
from core.requests import split_target
from store import languages


def router(ctx: Context) -> Router:
    """Return the router of /lang and of its buttons."""
    routes = Router(name="lang")

    @routes.message(named("lang"))
    async def lang(message: Message, command: CommandObject, bot: Bot) -> None:
        target, words = split_target((command.args or "").split())
        chat_id = message.chat.id
        if target is not None or message.chat.type != "private":
            chat_id = (await allowed_place(ctx, bot, message, target, "editor")).chat_id
        if words:
            text = await choose_language(ctx, chat_id, words[0])
            await message.answer(text)
            return
        now = await ctx.store.read(languages.chosen, chat_id) or spoken()
        await message.answer(
            _("I speak {language} here. Which language shall it be?").format(language=LANGUAGES[now]),
            reply_markup=_keyboard(chat_id),
        )

    @routes.callback_query(pressed(rf"lang:-?\d{{1,18}}:({'|'.join(LANGUAGES)})"))
    async def press(query: CallbackQuery) -> None:
        _prefix, chat_id, language = (query.data or "").split(":")
        if int(chat_id) != query.from_user.id:
            await require(ctx, query.from_user, int(chat_id), "editor")
        await query.answer(await choose_language(ctx, int(chat_id), language))

    return routes


async def choose_language(ctx: Context, chat_id: int, word: str) -> str:
    """Speak a language in a chat from now on, and return the sentence, in that language, that says so.

    Raises:
        UserError: it is none that I speak.
    """
    language = parse_language(word)
    await ctx.store.write(languages.choose, chat_id, language)
    with speaking(language):
        return _("I speak {language} here now.").format(language=LANGUAGES[language])


def _keyboard(chat_id: int) -> InlineKeyboardMarkup:
    buttons = [
        InlineKeyboardButton(text=name, callback_data=f"lang:{chat_id}:{code}")
        for code, name in LANGUAGES.items()
    ]
    return InlineKeyboardMarkup(inline_keyboard=[buttons])
