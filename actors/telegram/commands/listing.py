"""/list: what is watched here, and how it goes; a button for each source opens its card."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.source_screens import Shown, sources_panel
from core.requests import split_target


def router(ctx: Context) -> Router:
    """Return the router of /list."""
    routes = Router(name="list")

    @routes.message(named("list"))
    async def show(message: Message, command: CommandObject, bot: Bot, owner: bool) -> None:
        target, words = split_target((command.args or "").split())
        chat = await allowed_place(ctx, bot, message, target, "viewer")
        shown: Shown = "all"
        match words[:1]:
            case ["errors"]:
                shown = "errors"
            case ["paused"]:
                shown = "paused"
        frank = owner and message.chat.type == "private"
        panel = await sources_panel(ctx, chat.chat_id, shown=shown, frank=frank)
        await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)

    return routes
