"""Filters of the routers.

All are coroutines: aiogram runs plain functions, and its magic `F`, in worker threads, which costs a
thread for each update and gives false time-outs under a mock clock.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from core.commands import find_command


def named(name: str) -> Command:
    """Return the filter for a command and all its aliases.

    Raises:
        KeyError: the table has no such command.
    """
    command = find_command(name)
    if command is None:
        raise KeyError(name)
    return Command(*command.names, ignore_case=True)


class Alone(Command):
    """The filter for commands, under any of their names, with nothing behind them."""

    def __init__(self, *names: str) -> None:
        known = [find_command(name) for name in names]
        words = [word for command in known if command is not None for word in command.names]
        super().__init__(*words, ignore_case=True)

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, Any]:
        """Accept a command without arguments."""
        found = await super().__call__(message, bot)
        return found if isinstance(found, dict) and not found["command"].args else False


def pressed(pattern: str) -> Callable[[CallbackQuery], Awaitable[bool]]:
    """Return the filter for buttons whose whole data matches a pattern."""
    compiled = re.compile(pattern)

    async def matches(press: CallbackQuery) -> bool:
        return compiled.fullmatch(press.data or "") is not None

    return matches


async def private_text(message: Message) -> bool:
    """Accept what is written in a private chat."""
    return message.chat.type == "private" and message.text is not None


async def said_in_private(message: Message) -> bool:
    """Accept what a person may say to the bot alone: no command, nothing forwarded, no file, no choice."""
    if message.chat.type != "private" or (message.text or "").startswith("/"):
        return False
    return message.forward_origin is None and message.document is None and message.chat_shared is None


async def bare_addresses(message: Message) -> bool:
    """Accept what is nothing but addresses, written in a private chat."""
    words = (message.text or "").split()
    addresses = all(word.lower().startswith(("http://", "https://")) for word in words)
    return await private_text(message) and bool(words) and addresses


async def forwarded(message: Message) -> bool:
    """Accept what is forwarded in a private chat."""
    return message.chat.type == "private" and message.forward_origin is not None


async def lone_file(message: Message) -> bool:
    """Accept a file that comes without a command in a private chat."""
    return message.chat.type == "private" and message.document is not None


async def shared_chat(message: Message) -> bool:
    """Accept the choice of a chat, made with a button in a private chat."""
    return message.chat.type == "private" and message.chat_shared is not None


async def migration(message: Message) -> bool:
    """Accept both service messages about a group that becomes a supergroup."""
    return bool(message.migrate_to_chat_id or message.migrate_from_chat_id)


async def topic_name(message: Message) -> bool:
    """Accept service messages about a topic that is new, or called otherwise from now on."""
    return bool(message.forum_topic_created or message.forum_topic_edited)
