"""The pump: takes updates from Telegram, one after the other, and confirms each after its handler."""

import structlog
import trio
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import Update

from actors.context import Context
from actors.graceful import finishing
from actors.insisting import insist
from actors.telegram.channel_posts import is_to_be_handled
from actors.telegram.dispatching import Feed
from core.errors import FatalError, TokenInUse, TokenRefused, leaves
from store.outbox import claiming

LONG_POLL_S = 50
_ANSWER_SLACK_S = 20
_HANDLER_GRACE_S = 2.0
_CONFLICT_LIMIT_S = 120.0
_CONFLICT_FREEZE_S = 30.0
_LONGEST_BACKOFF_S = 60.0
ALLOWED_UPDATES = ["message", "channel_post", "callback_query", "my_chat_member", "chat_member"]

log = structlog.get_logger("telegram")


async def pump(ctx: Context, bot: Bot, feed: Feed) -> None:
    """Receive updates for ever.

    The offset moves on only when a handler has ended, so a crash repeats a command rather than
    losing it; handlers are safe to repeat. Somebody else who polls with this token (409) stops
    publishing at once, and ends the program after two minutes.

    Raises:
        TokenRefused: the token is unknown.
        TokenInUse: another program uses it.
    """
    offset: int | None = None
    backoff = _Backoff(ctx)
    while True:
        ctx.turned()
        try:
            updates = await bot.get_updates(
                offset=offset,
                timeout=LONG_POLL_S,
                allowed_updates=ALLOWED_UPDATES,
                request_timeout=LONG_POLL_S + _ANSWER_SLACK_S,
            )
        except (TelegramAPIError, ClientDecodeError) as error:
            await backoff.after(error)
            continue
        backoff.reset()
        arrived_s = trio.current_time()
        for update in updates:
            if is_to_be_handled(update):
                await _handle(feed, update)
            if update.message is not None or update.callback_query is not None:
                ctx.metrics.answer_seconds.observe(trio.current_time() - arrived_s)
            offset = update.update_id + 1


async def _handle(feed: Feed, update: Update) -> None:
    """Handle one update. One that cannot be handled is passed over: it would come again for ever."""
    try:
        async with finishing() as grace:
            with grace.step(_HANDLER_GRACE_S):
                await feed(update)
    except Exception as error:
        if any(isinstance(leaf, FatalError) for leaf in leaves(error)):
            raise
        log.exception("update_failed", update=update.update_id)


class _Backoff:
    """Waits longer after each failure in a row, and knows for how long there has been a conflict."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._failures = 0
        self._conflict_since_s: float | None = None

    def reset(self) -> None:
        self._failures = 0
        self._conflict_since_s = None

    async def after(self, error: Exception) -> None:
        if isinstance(error, (TelegramUnauthorizedError, TelegramNotFound)):
            raise TokenRefused(
                "Telegram refuses BOT_TOKEN; get a new one from @BotFather and check BOT_API_URL"
            ) from None
        self._failures += 1
        wait_s = min(2.0 ** min(self._failures, 6), _LONGEST_BACKOFF_S)
        if isinstance(error, TelegramRetryAfter):
            wait_s = max(wait_s, float(error.retry_after))
        if isinstance(error, TelegramConflictError):
            wait_s = min(max(wait_s, 3.0), _CONFLICT_FREEZE_S / 2)
            await self._conflict()
        log.warning("updates_failed", error=type(error).__name__, retry_in_s=wait_s)
        await trio.sleep(wait_s + self._ctx.rng.random())

    async def _conflict(self) -> None:
        now_s = trio.current_time()
        if self._conflict_since_s is None:
            self._conflict_since_s = now_s
            log.error("token_in_use", hint="another program polls with this BOT_TOKEN; publishing pauses")
        if now_s - self._conflict_since_s >= _CONFLICT_LIMIT_S:
            raise TokenInUse(
                "another program has been using this BOT_TOKEN for two minutes; stop it, or get a new token"
            )
        ctx = self._ctx
        now_ms = ctx.now_ms()
        until_ms = now_ms + round(_CONFLICT_FREEZE_S * 1000)
        await insist(lambda: ctx.store.write(claiming.freeze_everywhere, until_ms=until_ms, now_ms=now_ms))
