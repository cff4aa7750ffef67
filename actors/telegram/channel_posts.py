"""Posts of people in channels: none is obeyed, and a command among them does not stay for all to read."""

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import Message, Update

from actors.context import Context
from core.commands import ChatCommand, find_command
from core.text import cut, one_line
from store import channel_commands

_TITLE_LIMIT = 100

log = structlog.get_logger("telegram")


def router(ctx: Context) -> Router:
    """Return the router of commands in channels.

    A post in a channel has no `from` (https://core.telegram.org/bots/api#message): anybody who posts there
    may have written it. In a channel that the bot has to do with a command is deleted, and owners are told.
    """
    routes = Router(name="channel_posts")

    @routes.channel_post()
    async def posted(post: Message, bot: Bot) -> None:
        command = command_in(post)
        if command is None or not await _is_for_us(bot, post):
            return
        chat = post.chat
        if not await ctx.store.read(channel_commands.is_known, chat.id):
            return
        deleted = await _deleted(bot, post)
        await ctx.store.write(
            channel_commands.tell,
            ctx.settings.owner_ids,
            chat_id=chat.id,
            chat=cut(one_line(chat.title or str(chat.id)), _TITLE_LIMIT),
            where=f"@{chat.username}" if chat.username else str(chat.id),
            command=command.name,
            deleted=deleted,
            now_ms=ctx.now_ms(),
        )
        ctx.bells.speaker.ring()

    return routes


def is_to_be_handled(update: Update) -> bool:
    """Tell whether an update is more than what somebody publishes in a channel."""
    return update.channel_post is None or command_in(update.channel_post) is not None


def command_in(post: Message) -> ChatCommand | None:
    """Return the command of ours that a post begins with, whoever it is for.

    What was forwarded, or made by way of a bot, was not said to anybody here.
    """
    text = post.text or post.caption or ""
    if not text.startswith("/") or post.forward_origin is not None or post.via_bot is not None:
        return None
    name = text.split(maxsplit=1)[0].removeprefix("/").partition("@")[0]
    return None if name.startswith("/") else find_command(name)


async def _is_for_us(bot: Bot, post: Message) -> bool:
    """Tell whether a command names no bot, or this one."""
    _name, _at, named = (post.text or post.caption or "").split(maxsplit=1)[0].partition("@")
    return not named or named.lower() == ((await bot.me()).username or "").lower()


async def _deleted(bot: Bot, post: Message) -> bool:
    """Delete a post; return whether it is gone."""
    try:
        await bot.delete_message(post.chat.id, post.message_id)
    except (TelegramAPIError, ClientDecodeError) as error:
        said = getattr(error, "message", "")
        if "message to delete not found" in said:
            return True
        log.warning("post_not_deleted", chat=post.chat.id, error=type(error).__name__, said=said)
        return False
    return True
