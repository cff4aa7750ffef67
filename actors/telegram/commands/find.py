"""/find: links by their words."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from actors.context import Context
from actors.telegram.access import require, require_here
from actors.telegram.answering import answer_in_private, scope_of
from actors.telegram.link_lists import link_list
from actors.telegram.matching import named, pressed
from core.languages import gettext as _
from core.languages import marked
from core.searching import search_words
from store import finding
from store.finding import Scope

_A_PAGE = 10
_SIGN = "🔎 "
HOW = marked("Say what to look for: /find words of a title, a text or an address.")


def router(ctx: Context) -> Router:
    """Return the router of /find, and of the button that shows older links."""
    routes = Router(name="find")

    @routes.message(named("find"))
    async def find(message: Message, command: CommandObject, bot: Bot) -> None:
        private = message.chat.type == "private"
        if not private:
            await require_here(ctx, message, message.chat.id, "viewer")
        words = search_words(command.args or "")
        if not words:
            await message.answer(_(HOW))
            return
        scope = await scope_of(ctx, message.from_user, message.chat.id, private=private)
        text, entities, keyboard = await found_page(ctx, words, scope)
        await answer_in_private(bot, message, text, entities=entities, keyboard=keyboard)

    @routes.callback_query(pressed(r"find:\d{1,18}"))
    async def older(press: CallbackQuery) -> None:
        shown = press.message
        if not isinstance(shown, Message) or not (shown.text or "").startswith(_SIGN):
            await press.answer(_("This is too old. Please send /find again."))
            return
        private = shown.chat.type == "private"
        if not private:
            await require(ctx, press.from_user, shown.chat.id, "viewer")
        words = search_words((shown.text or "").removeprefix(_SIGN).partition("\n")[0])
        scope = await scope_of(ctx, press.from_user, shown.chat.id, private=private)
        before = int((press.data or "").partition(":")[2])
        text, entities, keyboard = await found_page(ctx, words, scope, before)
        await press.answer()
        await shown.edit_text(text, entities=entities, parse_mode=None, reply_markup=keyboard)

    return routes


async def found_page(
    ctx: Context, words: tuple[str, ...], scope: Scope, before: int | None = None
) -> tuple[str, list[MessageEntity], InlineKeyboardMarkup | None]:
    """Return a page of what is found, from where the one before ended: its text, entities and button."""
    now_ms = ctx.now_ms()
    found = await ctx.store.read(
        finding.find,
        words,
        scope=scope,
        since_ms=now_ms - round(ctx.settings.keep_pages * 1000),
        before=before,
        limit=_A_PAGE,
    )
    # The first line is what the button finds its words in.
    text, entities = link_list(_SIGN + " ".join(words), found.links, now_ms=now_ms)
    if not found.links:
        further = found.older is not None or before is not None
        text += "\n" + (_("Nothing here.") if further else _("Nothing was found."))
    keyboard = None
    if found.older is not None:
        older = InlineKeyboardButton(text=_("Older"), callback_data=f"find:{found.older}")
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[older]])
    return text, entities, keyboard
