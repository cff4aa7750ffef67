"""Asking somebody for addresses: what shall be watched for a chat, or posted there."""

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message, User

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.asking import ask_in_private, question_for
from actors.telegram.commands.add import watch
from actors.telegram.commands.post import post_links
from actors.telegram.matching import pressed, said_in_private
from actors.telegram.panels import Panel, button
from actors.telegram.places import look_up
from core.errors import UserError
from core.languages import gettext as _
from core.posting.post_request import parse_post
from core.requests import AddRequest, Target, parse_add
from core.text import cut, one_line
from store import conversations, people

_TITLE_LIMIT = 100
_MOST_CHATS = 8


def ask_data(chat_id: int) -> str:
    """Return the data of a button that asks for something to watch in a chat."""
    return f"address:{chat_id}"


async def where_panel(ctx: Context, message: Message, *, about: str, text: str) -> Panel:
    """Return a text with a button for each chat that can be meant by a command without an address.

    Args:
        ctx: the world of the actor.
        message: the command.
        about: `address` to watch something, `link` to post it, `list` to watch all that a file lists.
        text: what stands above the buttons.

    Raises:
        UserError: whoever gave it may do that nowhere.
    """
    if message.chat.type != "private" or message.from_user is None:
        return Panel(text, [[button(_("Ask me in private"), f"{about}:{message.chat.id}")]])
    owners = ctx.settings.owner_ids
    user_id = message.from_user.id
    chats = await ctx.store.read(people.managed, owners, user_id=user_id, limit=_MOST_CHATS)
    mine = await ctx.store.read(people.may, owners, user_id=user_id, chat_id=user_id, who="editor")
    rows = [[button(_("Here"), f"{about}:{user_id}")]] if mine else []
    rows += [[button(one_line(title), f"{about}:{chat_id}")] for chat_id, title in chats]
    if not rows:
        raise UserError("You may not do that there.")
    return Panel(text, rows)


async def ask_for_address(ctx: Context, bot: Bot, user: User, chat_id: int, *, posts: bool = False) -> None:
    """Ask somebody in private what shall be watched for a chat that they manage, or posted there.

    Raises:
        UserError: they may not do that there, or the bot cannot write to them.
    """
    await require(ctx, user, chat_id, "editor")
    if posts:
        chat = await look_up(bot, Target(chat=chat_id))
        words = _("What shall I post in {chat}? Send me the links. /cancel ends this.").format(
            chat=cut(one_line(chat.title), _TITLE_LIMIT)
        )
    elif chat_id == user.id:
        words = _(
            "What shall I watch for you here? Send me the address of a site or a feed. /cancel ends this."
        )
    else:
        chat = await look_up(bot, Target(chat=chat_id))
        words = _(
            "What shall I watch for {chat}? Send me the address of a site or a feed. /cancel ends this."
        ).format(chat=cut(one_line(chat.title), _TITLE_LIMIT))
    await ask_in_private(ctx, bot, user, "link" if posts else "address", chat_id, words)


def router(ctx: Context) -> Router:
    """Return the router of the button and of its answers; it must come before that of bare addresses."""
    routes = Router(name="asking_for")

    @routes.callback_query(pressed(r"(address|link):-?\d{1,18}"))
    async def ask(press: CallbackQuery, bot: Bot) -> None:
        about, _colon, chat = (press.data or "").partition(":")
        await ask_for_address(ctx, bot, press.from_user, int(chat), posts=about == "link")
        await press.answer()

    @routes.message(said_in_private)
    async def answered(message: Message, bot: Bot, owner: bool) -> None:
        user, asked = message.from_user, await question_for(ctx, message)
        if user is None or asked is None or asked.about not in {"address", "link"} or asked.answered:
            raise SkipHandler  # it is for those behind
        await require(ctx, user, asked.subject, "editor")
        links = parse_post(message.text or "") if asked.about == "link" else None
        request = _request(ctx, message) if links is None else None
        chat = await look_up(bot, Target(chat=asked.subject))
        await ctx.store.write(conversations.answered, user.id, message_id=message.message_id)
        if links is not None:
            await post_links(ctx, message, links, chat)
        if request is not None:
            owners = await ctx.store.read(people.owners, ctx.settings.owner_ids)
            tells = user.id if owner else next(iter(owners), None)
            await watch(ctx, message, request, chat, tells=tells, by=user.id)

    return routes


def _request(ctx: Context, message: Message) -> AddRequest:
    request = parse_add(message.text or "", interval_min_s=ctx.settings.interval_min)
    if not request.urls:
        raise UserError("Send the address of a site or a feed, or /cancel.")
    return request
