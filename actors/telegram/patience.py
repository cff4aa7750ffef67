"""The bot that answers people: it writes to no chat that Telegram has asked to leave alone for a while."""

from typing import Any

import structlog
import trio
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from sqlite_utils import Database

from actors.context import Context
from actors.insisting import insist
from store import chats, floods
from store.outbox import claiming

LONGEST_WAIT_S = 20.0
"""Updates are handled one after the other: for longer than this none may hold up the others."""

_WRITING = ("send", "edit", "copy", "forward", "delete")

log = structlog.get_logger("telegram")


class PatientBot(Bot):
    """A Bot whose writing methods wait for the end of a flood wait, of their chat or of all.

    What Telegram refuses for a flood is tried again when that may be done, and posts and cards of the same
    chat wait as well. Where the wait is too long the method raises TelegramRetryAfter, as it would have.
    """

    def __init__(self, ctx: Context, bot: Bot) -> None:
        super().__init__(bot.token, session=bot.session)
        self._ctx = ctx

    async def __call__(
        self, method: TelegramMethod[TelegramType], request_timeout: int | None = None
    ) -> TelegramType:
        """Make a request.

        Raises:
            TelegramAPIError: what the Bot API answered.
            TelegramRetryAfter: nothing may be written to that chat for more than LONGEST_WAIT_S seconds.
        """
        chat_id = _written_to(method)
        if chat_id is None:
            return await super().__call__(method, request_timeout)
        deadline_s = trio.current_time() + LONGEST_WAIT_S
        while True:
            await self._wait(method, chat_id, deadline_s)
            try:
                return await super().__call__(method, request_timeout)
            except TelegramRetryAfter as error:
                await self._note(chat_id, error.retry_after)

    async def _wait(self, method: TelegramMethod[Any], chat_id: int, deadline_s: float) -> None:
        """Wait until the chat may be written to.

        Raises:
            TelegramRetryAfter: that would be behind the deadline.
        """
        ctx = self._ctx
        while True:
            until_ms = await insist(lambda: ctx.store.read(_flooded_until_ms, chat_id, now_ms=ctx.now_ms()))
            wait_s = (until_ms - ctx.now_ms()) / 1000
            if wait_s <= 0:
                return
            if trio.current_time() + wait_s > deadline_s:
                log.warning("answer_given_up", chat=chat_id, wait_s=round(wait_s))
                raise TelegramRetryAfter(method=method, message="flood wait", retry_after=round(wait_s))
            await trio.sleep(wait_s)

    async def _note(self, chat_id: int, wait_s: float) -> None:
        ctx = self._ctx
        now_ms = ctx.now_ms()
        until_ms = now_ms + round((wait_s + ctx.rng.random()) * 1000)
        log.warning("answer_deferred", chat=chat_id, wait_s=round(wait_s))
        await insist(lambda: ctx.store.write(_flood, chat_id, until_ms=until_ms, now_ms=now_ms))


def _written_to(method: TelegramMethod[Any]) -> int | None:
    chat_id = getattr(method, "chat_id", None)
    return chat_id if isinstance(chat_id, int) and method.__api_method__.startswith(_WRITING) else None


def _flooded_until_ms(db: Database, chat_id: int, *, now_ms: int) -> int:
    return max(claiming.frozen_until_ms(db, now_ms) or now_ms, floods.until_ms(db, chat_id, now_ms=now_ms))


def _flood(db: Database, chat_id: int, *, until_ms: int, now_ms: int) -> None:
    chats.ensure(db, chat_id)
    chats.flood(db, chat_id, until_ms=until_ms, now_ms=now_ms)
