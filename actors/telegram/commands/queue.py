"""/queue: what waits for a chat."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.queue_card import queue_card
from core.requests import split_target


def router(ctx: Context) -> Router:
    """Return the router of /queue."""
    routes = Router(name="queue")

    @routes.message(named("queue"))
    async def show(message: Message, command: CommandObject, bot: Bot) -> None:
        target, _ = split_target((command.args or "").split())
        chat = await allowed_place(ctx, bot, message, target, "editor")
        card = await queue_card(ctx, chat.chat_id)
        await message.answer(card.text, reply_markup=card.keyboard)

    return routes
