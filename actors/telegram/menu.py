"""The menu of commands that Telegram shows beside the field for text: by who may use them, in each language.

See https://core.telegram.org/bots/api#setmycommands and #botcommandscope there.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    BotCommandScopeUnion,
    Message,
    TelegramObject,
    User,
)

from actors.context import Context
from actors.insisting import insist
from core.languages import LANGUAGES, marked, speaking
from core.languages import gettext as _
from store import people

_Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

TEXTS = {
    "add": marked("watch a feed, sitemap or page"),
    "list": marked("what is watched, and how it goes"),
    "queue": marked("what waits, and when it goes out"),
    "post": marked("post links by hand"),
    "why": marked("the whole life of a link"),
    "find": marked("links with these words"),
    "history": marked("the last posts of a chat"),
    "set": marked("how a source is watched and posted"),
    "filter": marked("rules for what is posted"),
    "schedule": marked("when posts go out"),
    "template": marked("how the posts look"),
    "pause": marked("post nothing for a while"),
    "resume": marked("go on after a pause"),
    "remove": marked("stop watching"),
    "lang": marked("the language I speak"),
    "connect": marked("choose a channel or group"),
    "role": marked("who may manage which chat"),
    "admin": marked("the bot itself, with buttons"),
    "stats": marked("counts of everything"),
    "backup": marked("back the database up now"),
    "start": marked("who I am"),
    "help": marked("what I can do"),
}
"""What the menu says of a command, in few words: /help tells the rest."""

STRANGERS = ("start", "help")
GROUPS = (
    *("add", "list", "queue", "post", "why", "history", "set", "filter", "schedule", "pause"),
    *("resume", "remove", "lang"),
)
PRIVATE_CHATS = (*GROUPS[:5], "find", *GROUPS[5:], "template", "stats", "help")
OWNERS = (
    *("add", "list", "queue", "post", "why", "find", "history", "set", "filter", "schedule", "template"),
    *("pause", "resume", "remove", "connect", "role", "admin", "stats", "backup", "help"),
)

log = structlog.get_logger("telegram")


async def offer_menus(ctx: Context, bot: Bot) -> None:
    """Set every menu once. What Telegram does not take is left as it was before."""
    await _offer(bot, BotCommandScopeDefault(), STRANGERS)
    await _offer(bot, BotCommandScopeAllPrivateChats(), PRIVATE_CHATS)
    await _offer(bot, BotCommandScopeAllGroupChats(), GROUPS)
    for owner in await insist(lambda: ctx.store.read(people.owners, ctx.settings.owner_ids)):
        await offer_to_owner(bot, owner)


async def offer_to_owner(bot: Bot, user_id: int) -> None:
    """Set the menu of an owner's private chat; one who never wrote to the bot has no such chat."""
    await _offer(bot, BotCommandScopeChat(chat_id=user_id), OWNERS)


class MenuOfNewOwner(BaseMiddleware):
    """Sets the menu of who became an owner by what they wrote. Comes after what tells who owns the bot."""

    def __init__(self, ctx: Context, bot: Bot) -> None:
        self._ctx = ctx
        self._bot = bot

    async def __call__(self, handler: _Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401
        answer = await handler(event, data)
        if isinstance(event, Message) and (event.text or "").startswith("/start ") and not data.get("owner"):
            await self._look_at(event.from_user)
        return answer

    async def _look_at(self, user: User | None) -> None:
        owners = await self._ctx.store.read(people.owners, self._ctx.settings.owner_ids)
        if user is not None and user.id in owners:
            await offer_to_owner(self._bot, user.id)


async def _offer(bot: Bot, scope: BotCommandScopeUnion, names: tuple[str, ...]) -> None:
    """Set one menu in each language; English is for all whose language there is no menu in."""
    for language in LANGUAGES:
        code = None if language == "en" else language
        with speaking(language):
            commands = [BotCommand(command=name, description=_(TEXTS[name])) for name in names]
        try:
            await bot.set_my_commands(commands, scope=scope, language_code=code)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.info("menu_not_set", scope=scope.type, language=language, error=type(error).__name__)
