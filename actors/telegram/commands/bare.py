"""An address without a command in a private chat: watched, posted, or asked about."""

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, User

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.commands.add import queue_links, watch
from actors.telegram.matching import bare_addresses, pressed
from actors.telegram.places import here_or_there
from core.errors import UserError
from core.languages import gettext as _
from core.requests import AddRequest, check_url
from store import defaults, people

_MOST = 5
_SHOWN_LIMIT = 500


def router(ctx: Context) -> Router:
    """Return the router of bare addresses and of the buttons of their question."""
    routes = Router(name="bare")

    @routes.message(bare_addresses)
    async def bare(message: Message, bot: Bot) -> None:
        urls = _urls(message)
        wanted = (await ctx.store.read(defaults.of, message.chat.id)).get("bare", "ask")
        if wanted != "ask":
            await require(ctx, message.from_user, message.chat.id, "editor")
            await _do(ctx, bot, message, str(wanted), urls, message.from_user)
            return
        buttons = [
            [InlineKeyboardButton(text=_("Watch for new posts"), callback_data="bare:watch")],
            [InlineKeyboardButton(text=_("Publish this link"), callback_data="bare:post")],
        ]
        await message.reply(
            _(
                "Watch it for new posts, as /add {urls} does, or publish this link here? /set "
                "bare=watch or /set bare=post does one of them without asking."
            ).format(urls=urls[0][:_SHOWN_LIMIT]),
            parse_mode=None,
            reply_markup=InlineKeyboardMarkup(inline_keyboard=buttons),
        )

    @routes.callback_query(pressed(r"bare:(watch|post)"))
    async def chosen(press: CallbackQuery, bot: Bot) -> None:
        shown = press.message if isinstance(press.message, Message) else None
        asked = shown.reply_to_message if shown is not None else None
        if shown is None or asked is None:
            raise UserError("Your message is gone. Please send the address again.")
        await require(ctx, press.from_user, shown.chat.id, "editor")
        await press.answer()
        await shown.edit_reply_markup(reply_markup=None)
        await _do(ctx, bot, shown, (press.data or "").partition(":")[2], _urls(asked), press.from_user)

    return routes


def _urls(message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check_url(word) for word in (message.text or "").split()[:_MOST]))


async def _do(
    ctx: Context, bot: Bot, message: Message, what: str, urls: tuple[str, ...], user: User | None
) -> None:
    chat = await here_or_there(bot, message, None)
    request = AddRequest(urls=urls)
    if what == "post":
        await queue_links(ctx, message, request, chat)
        return
    owners = await ctx.store.read(people.owners, ctx.settings.owner_ids)
    tells = user.id if user is not None and user.id in owners else None
    await watch(ctx, message, request, chat, tells=tells)
