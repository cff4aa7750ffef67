"""Buttons under a queue: now, up, down, drop."""

from typing import cast

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import pressed
from actors.telegram.queue_card import queue_card
from core.words import say
from store.outbox import moving
from store.outbox.moving import ACTIONS, Action


def router(ctx: Context) -> Router:
    """Return the router of these buttons. Their data is an id, never a right."""
    routes = Router(name="queue_presses")

    @routes.callback_query(pressed(rf"q:({'|'.join(ACTIONS)}):\d{{1,18}}"))
    async def change(press: CallbackQuery) -> None:
        _, action, number = (press.data or "").split(":")
        chat_id = await ctx.store.read(moving.chat_of, int(number))
        await require(ctx, press.from_user, chat_id or 0, "editor")
        did = await ctx.store.write(moving.act, int(number), cast("Action", action), now_ms=ctx.now_ms())
        ctx.bells.publisher.ring()
        await press.answer(say(did))
        if did != "queue_edge" and chat_id is not None and isinstance(press.message, Message):
            card = await queue_card(ctx, chat_id)
            if press.message.text is None:  # a preview with its picture
                await press.message.answer(card.text, reply_markup=card.keyboard)
            else:
                await press.message.edit_text(card.text, reply_markup=card.keyboard)

    return routes
