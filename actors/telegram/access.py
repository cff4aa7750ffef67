"""Who may do what, and what people are told when something goes wrong."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from actors.context import Context
from actors.telegram.asking import concerns_a_question
from actors.telegram.floods import Crowd
from core.commands import ChatCommand, find_command
from core.errors import TransientError, UserError
from core.languages import gettext as _
from core.languages import marked
from store import chats, people, roles

_Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_GROUPS = ("group", "supergroup")

log = structlog.get_logger("telegram")


_OF_A_CHAT = frozenset(
    {
        "add",
        "remove",
        "import",
        "export",
        "list",
        "info",
        "lang",
        "set",
        "link",
        "pause",
        "resume",
        "filter",
        "schedule",
        "queue",
        "post",
        "template",
        "test",
        "tz",
    }
)
"""Commands that check by themselves who may use them in the chat they are about."""
_OF_ALL_CHATS = frozenset({"why", "find", "history", "stats", "version"})
"""Commands that are, in private, about all chats that somebody may look at, or about the bot itself."""


class OwnersOnly(BaseMiddleware):
    """Lets owners through, and people with a role in a chat to what is about that chat.

    Strangers may say /start and /help, and are told that this bot is private. Group members who are
    nobody here are not answered at all, except by a press of a button. Who is no owner and asks more than
    thirty things at once, and then one in two seconds, is not answered either. Handlers are given `owner`.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._crowd = Crowd(ctx)

    async def __call__(self, handler: _Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401
        user = getattr(event, "from_user", None)
        if not isinstance(event, (Message, CallbackQuery)):
            return await handler(event, data)
        owner = user is not None and await self._owns(user)
        data["owner"] = owner
        if not owner and user is not None and self._crowd.is_too_much(user.id, event):
            log.info("asks_too_much", user=user.id)
            return None
        if owner or _for_all(event):
            return await handler(event, data)
        if user is not None and await self._knows(user, event):
            return await handler(event, data)
        if isinstance(event, CallbackQuery):
            await event.answer(_("This bot is private."))
        elif event.chat.type == "private":
            await event.answer(_(PRIVATE))
        return None

    async def _knows(self, user: User, event: Message | CallbackQuery) -> bool:
        """Return whether somebody may come in; what they may do there, each handler asks by itself."""
        if _about_a_chat(event) and await self._has_a_role(user, event):
            return True
        if isinstance(event, Message) and await concerns_a_question(self._ctx, event):
            return True
        if not _in_private(event) and not _about_all_chats(event):
            return False
        about = _about_a_chat(event) or _about_all_chats(event)
        return about and await self._has_any_role(user)

    async def _owns(self, user: User) -> bool:
        known = await self._ctx.store.read(people.owners, self._ctx.settings.owner_ids)
        return user.id in known

    async def _has_a_role(self, user: User, event: Message | CallbackQuery) -> bool:
        if isinstance(event, Message):
            return await _may_here(self._ctx, event, _chat_id(event), "viewer")
        return await may(self._ctx, user, _chat_id(event), "viewer")

    async def _has_any_role(self, user: User) -> bool:
        chats = await self._ctx.store.read(people.chats_of, self._ctx.settings.owner_ids, user_id=user.id)
        return chats != ()


async def require(ctx: Context, user: User | None, chat_id: int, who: str) -> None:
    """Let pass whoever is at least `who` (`viewer`, `editor`, `owner`) in a chat.

    Raises:
        UserError: this user is not.
    """
    if user is None or not await may(ctx, user, chat_id, who):
        raise UserError("You may not do that there.")


async def require_here(ctx: Context, message: Message, chat_id: int, who: str) -> None:
    """Let pass whoever wrote a message, as `require` does, and administrators who write as their group.

    Raises:
        UserError: they are not at least `who` in that chat.
    """
    if not await _may_here(ctx, message, chat_id, who):
        raise UserError("You may not do that there.")


async def _may_here(ctx: Context, message: Message, chat_id: int, who: str) -> bool:
    group = message.sender_chat
    if group is not None and group.id == message.chat.id and group.type in _GROUPS:
        # An anonymous administrator: https://core.telegram.org/bots/api#message (sender_chat)
        return chat_id == group.id and who != "owner" and await ctx.store.read(roles.is_in_use, chat_id)
    return message.from_user is not None and await may(ctx, message.from_user, chat_id, who)


async def may(ctx: Context, user: User, chat_id: int, who: str) -> bool:
    """Tell whether a user is at least `who` in a chat; administrators of a group in use are its editors."""
    if await ctx.store.read(people.may, ctx.settings.owner_ids, user_id=user.id, chat_id=chat_id, who=who):
        return True
    if who == "owner" or await ctx.store.read(chats.type_of, chat_id) not in _GROUPS:
        return False
    in_use = await ctx.store.read(roles.is_in_use, chat_id)
    return in_use and await ctx.administrators.includes(chat_id, user.id)


def _about_a_chat(event: Message | CallbackQuery) -> bool:
    if isinstance(event, CallbackQuery):
        return True
    command = _command(event)
    return command is not None and command.name in _OF_A_CHAT | _OF_ALL_CHATS


def _about_all_chats(event: Message | CallbackQuery) -> bool:
    if isinstance(event, CallbackQuery):
        return (event.data or "").startswith("find:")
    command = _command(event)
    if event.chat.type != "private":
        return False
    return event.forward_origin is not None or (command is not None and command.name in _OF_ALL_CHATS)


def _in_private(event: Message | CallbackQuery) -> bool:
    message = event if isinstance(event, Message) else event.message
    return message is not None and message.chat.type == "private"


def _chat_id(event: Message | CallbackQuery) -> int:
    if isinstance(event, Message):
        return event.chat.id
    return event.message.chat.id if event.message is not None else 0


PRIVATE = marked("This bot is private: it works for its owner only. You can run your own, see /help.")


def _for_all(event: Message | CallbackQuery) -> bool:
    if not isinstance(event, Message):
        return False
    if event.migrate_to_chat_id or event.migrate_from_chat_id:
        return True
    if event.forum_topic_created or event.forum_topic_edited:
        return True
    command = _command(event)
    return command is not None and command.who == "all" and event.chat.type == "private"


def _command(message: Message) -> ChatCommand | None:
    word = (message.text or message.caption or "").split(maxsplit=1)[:1]
    return find_command(word[0].partition("@")[0]) if word and word[0].startswith("/") else None


class ReadableErrors(BaseMiddleware):
    """Turns errors into answers: what happened, and what to do. Nothing a handler does ends the pump."""

    async def __call__(self, handler: _Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401
        try:
            return await handler(event, data)
        except SkipHandler:  # it is for another handler
            raise
        except UserError as error:
            await _tell(event, str(error))
        except TransientError as error:
            await _tell(
                event, _("Not now: {error}. Please try again in a moment.").format(error=_(str(error)))
            )
        except TelegramAPIError as error:
            log.warning("answer_failed", error=type(error).__name__, said=getattr(error, "message", ""))
        except Exception:
            log.exception("handler_crashed")
            await _tell(event, _("Something went wrong here; it is in my log. Nothing was lost."))
        return None


async def _tell(event: TelegramObject, text: str) -> None:
    try:
        if isinstance(event, Message):
            await event.answer(text)
        elif isinstance(event, CallbackQuery):
            await _pop_up(event, text)
    except TelegramAPIError as error:
        log.warning("answer_failed", error=type(error).__name__, said=getattr(error, "message", ""))


async def _pop_up(press: CallbackQuery, text: str) -> None:
    """Show it over the chat; a press takes one answer, and soon: in private a message is the second."""
    try:
        await press.answer(text[:200], show_alert=True)
    except TelegramBadRequest:
        if not isinstance(press.message, Message) or press.message.chat.type != "private":
            raise
        await press.message.answer(text)
