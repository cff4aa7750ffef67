"""An address without a command in a private chat: watched, posted, or asked about."""

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, User

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.commands.add import queue_links, watch
from actors.telegram.matching import bare_addresses, pressed
from actors.telegram.panels import button
from actors.telegram.places import ChatHere, here_or_there
from core.errors import UserError
from core.languages import gettext as _
from core.requests import AddRequest, Target, check_url
from core.text import one_line
from store import defaults, people

_MOST = 5
_SHOWN_LIMIT = 500
_MOST_CHATS = 6


def router(ctx: Context) -> Router:
    """Return the router of bare addresses and of the buttons of their question."""
    routes = Router(name="bare")

    @routes.message(bare_addresses)
    async def bare(message: Message, bot: Bot) -> None:
        urls = _urls(message)
        wanted = (await ctx.store.read(defaults.of, message.chat.id)).get("bare", "ask")
        if wanted != "ask":
            await require(ctx, message.from_user, message.chat.id, "editor")
            chat = await here_or_there(bot, message, None)
            await _do(ctx, message, str(wanted), urls, message.from_user, chat)
            return
        await message.reply(
            _(
                "Watch it for new posts, as /add {url} does, or publish this link here? "
                "/set bare=watch or /set bare=post does one of them without asking."
            ).format(url=urls[0][:_SHOWN_LIMIT]),
            parse_mode=None,
            reply_markup=await _keyboard(ctx, message),
        )

    @routes.callback_query(pressed(r"bare:(watch|post)(:-?\d{1,18})?"))
    async def chosen(press: CallbackQuery, bot: Bot) -> None:
        shown = press.message if isinstance(press.message, Message) else None
        asked = shown.reply_to_message if shown is not None else None
        if shown is None or asked is None:
            raise UserError("Your message is gone. Please send the address again.")
        _bare, what, *where = (press.data or "").split(":")
        chat_id = int(where[0]) if where else shown.chat.id
        await require(ctx, press.from_user, chat_id, "editor")
        chat = await here_or_there(bot, shown, Target(chat=chat_id) if where else None)
        await press.answer()
        await shown.edit_reply_markup(reply_markup=None)
        await _do(ctx, shown, what, _urls(asked), press.from_user, chat)

    return routes


async def _keyboard(ctx: Context, message: Message) -> InlineKeyboardMarkup:
    """Return what can be done with an address: here, or in the chats that its sender manages."""
    rows = [[button(_("Watch for new posts"), "bare:watch"), button(_("Publish this link"), "bare:post")]]
    if message.from_user is not None:
        chats = await ctx.store.read(
            people.managed, ctx.settings.owner_ids, user_id=message.from_user.id, limit=_MOST_CHATS
        )
        rows += [
            [
                button(_("Watch for {chat}").format(chat=one_line(title)), f"bare:watch:{chat_id}"),
                button(_("Publish in {chat}").format(chat=one_line(title)), f"bare:post:{chat_id}"),
            ]
            for chat_id, title in chats
        ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def _urls(message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check_url(word) for word in (message.text or "").split()[:_MOST]))


async def _do(
    ctx: Context, message: Message, what: str, urls: tuple[str, ...], user: User | None, chat: ChatHere
) -> None:
    request = AddRequest(urls=urls)
    if what == "post":
        await queue_links(ctx, message, request, chat)
        return
    owners = await ctx.store.read(people.owners, ctx.settings.owner_ids)
    tells = user.id if user is not None and user.id in owners else None
    await watch(ctx, message, request, chat, tells=tells, by=None if user is None else user.id)
