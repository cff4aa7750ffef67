"""A chat that was out of reach and speaks: its posts go on."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from actors.context import Context
from store import chats, out_of_reach

_Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Returning(BaseMiddleware):
    """Resumes a suspended chat when a command comes from there; a send will tell if that was too early."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def __call__(self, handler: _Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401
        ctx = self._ctx
        if isinstance(event, Message) and (event.text or "").startswith("/"):
            chat_id = event.chat.id
            if await ctx.store.read(out_of_reach.speaks_again, chat_id):
                await ctx.store.write(chats.resume, chat_id, now_ms=ctx.now_ms())
                ctx.bells.publisher.ring()
        return await handler(event, data)
