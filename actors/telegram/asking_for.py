"""Asking somebody for the address of what shall be watched for a chat, and taking the answer."""

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message, User

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.asking import ask_in_private, question_for
from actors.telegram.commands.add import watch
from actors.telegram.matching import pressed, said_in_private
from actors.telegram.places import look_up
from core.errors import UserError
from core.languages import gettext as _
from core.requests import AddRequest, Target, parse_add
from core.text import cut, one_line
from store import conversations, people

_TITLE_LIMIT = 100


def ask_data(chat_id: int) -> str:
    """Return the data of a button that asks for something to watch in a chat."""
    return f"address:{chat_id}"


async def ask_for_address(ctx: Context, bot: Bot, user: User, chat_id: int) -> None:
    """Ask somebody in private what shall be watched for a chat that they manage.

    Raises:
        UserError: they may not do that there, or the bot cannot write to them.
    """
    await require(ctx, user, chat_id, "editor")
    if chat_id == user.id:
        words = _(
            "What shall I watch for you here? Send me the address of a site or a feed. /cancel ends this."
        )
    else:
        chat = await look_up(bot, Target(chat=chat_id))
        words = _(
            "What shall I watch for {chat}? Send me the address of a site or a feed. /cancel ends this."
        ).format(chat=cut(one_line(chat.title), _TITLE_LIMIT))
    await ask_in_private(ctx, bot, user, "address", chat_id, words)


def router(ctx: Context) -> Router:
    """Return the router of the button and of its answers; it must come before that of bare addresses."""
    routes = Router(name="asking_for")

    @routes.callback_query(pressed(r"address:-?\d{1,18}"))
    async def ask(press: CallbackQuery, bot: Bot) -> None:
        await ask_for_address(ctx, bot, press.from_user, int((press.data or "").partition(":")[2]))
        await press.answer()

    @routes.message(said_in_private)
    async def answered(message: Message, bot: Bot, owner: bool) -> None:
        user, asked = message.from_user, await question_for(ctx, message)
        if user is None or asked is None or asked.about != "address" or asked.answered:
            raise SkipHandler  # it is for those behind
        await require(ctx, user, asked.subject, "editor")
        request = _request(ctx, message)
        chat = await look_up(bot, Target(chat=asked.subject))
        await ctx.store.write(conversations.answered, user.id, message_id=message.message_id)
        owners = await ctx.store.read(people.owners, ctx.settings.owner_ids)
        await watch(ctx, message, request, chat, tells=user.id if owner else next(iter(owners), None))

    return routes


def _request(ctx: Context, message: Message) -> AddRequest:
    request = parse_add(message.text or "", interval_min_s=ctx.settings.interval_min)
    if not request.urls:
        raise UserError("Send the address of a site or a feed, or /cancel.")
    return request
