"""The one box with asyncio in it: a Dispatcher in a trio-asyncio loop, whose handlers are trio again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import trio_asyncio  # noqa: TID251 - this is the box
from aiogram import BaseMiddleware, Bot, Dispatcher, Router
from aiogram.types import TelegramObject, Update

Feed = Callable[[Update], Awaitable[None]]
_Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class BackToTrio(BaseMiddleware):
    """Runs everything inside it as trio.

    Without it a handler that awaits the bot or the store fails inside the Dispatcher with
    "Task got bad yield"; with it errors, cancellation and the mock clock work as everywhere else.
    """

    async def __call__(self, handler: _Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401
        return await trio_asyncio.trio_as_aio(handler)(event, data)


def build_dispatcher(routers: list[Router], inner: list[BaseMiddleware]) -> Dispatcher:
    """Return a Dispatcher with these routers; `inner` wraps every handler, the first one outermost.

    It wraps none of posts in channels, which nobody says to the bot and which it answers to nobody.
    """
    dispatcher = Dispatcher(disable_fsm=True)
    for observer in (
        dispatcher.message,
        dispatcher.callback_query,
        dispatcher.my_chat_member,
        dispatcher.chat_member,
    ):
        for middleware in (BackToTrio(), *inner):
            observer.middleware(middleware)
    dispatcher.channel_post.middleware(BackToTrio())
    dispatcher.include_routers(*routers)
    return dispatcher


@asynccontextmanager
async def feeding(dispatcher: Dispatcher, bot: Bot) -> AsyncIterator[Feed]:
    """Open the loop for the length of the block; the function given feeds an update to its handler."""
    async with trio_asyncio.open_loop():
        feed_update = trio_asyncio.aio_as_trio(dispatcher.feed_update)

        async def feed(update: Update) -> None:
            await feed_update(bot, update)

        yield feed
