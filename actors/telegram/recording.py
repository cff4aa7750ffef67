"""What people do in the chat, for the audit log: said in one place, for every command and button."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message, TelegramObject

from actors.context import Context
from core.audit_words import answer_told, command_told
from core.text import cut, one_line
from store.audit import Act, acting

_Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
_LONGEST_LABEL = 100


class Recording(BaseMiddleware):
    """Lets a handler act for whoever wrote or pressed; the store notes it if that changes anything.

    Service messages, and news about members, are nobody's doing.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def __call__(self, handler: _Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401
        act = self._act(event)
        if act is None:
            return await handler(event, data)
        with acting(act):
            return await handler(event, data)

    def _act(self, event: TelegramObject) -> Act | None:
        now_ms = self._ctx.now_ms()
        if isinstance(event, CallbackQuery):
            chat_id = event.message.chat.id if event.message is not None else None
            words = _label(event)
            return Act(kind="press", user_id=event.from_user.id, chat_id=chat_id, words=words, now_ms=now_ms)
        if not isinstance(event, Message) or not _says_something(event):
            return None
        text = event.text or event.caption or ""
        person = event.from_user if event.sender_chat is None else None
        return Act(
            kind="command" if text.startswith("/") else "answer",
            user_id=None if person is None else person.id,
            chat_id=event.chat.id,
            words=command_told(text) if text.startswith("/") else answer_told(text),
            now_ms=now_ms,
        )


def _says_something(message: Message) -> bool:
    return any((message.text, message.caption, message.document, message.chat_shared))


def _label(press: CallbackQuery) -> str:
    """Return what stands on a button; for one that its message does not have, the data that were sent."""
    data = press.data or ""
    shown = press.message if isinstance(press.message, Message) else None
    rows = shown.reply_markup.inline_keyboard if shown is not None and shown.reply_markup is not None else []
    label = next((button.text for button in _all(rows) if button.callback_data == data), data)
    return cut(one_line(label), _LONGEST_LABEL)


def _all(rows: list[list[InlineKeyboardButton]]) -> list[InlineKeyboardButton]:
    return [button for row in rows for button in row]
