"""/list: what is watched here, and how it goes."""

import json

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from core.durations import format_duration
from core.requests import split_target
from core.text import cut
from core.urls.normalize import without_secrets
from core.words import say, say_alike
from store import reads
from store.reads import Watched

_TEXT_LIMIT = 4000


def router(ctx: Context) -> Router:
    """Return the router of /list."""
    routes = Router(name="list")

    @routes.message(named("list"))
    async def show(message: Message, command: CommandObject, bot: Bot, owner: bool) -> None:
        target, words = split_target((command.args or "").split())
        chat = await allowed_place(ctx, bot, message, target, "viewer")
        rows = await ctx.store.read(reads.watched, chat_id=chat.chat_id)
        if words[:1] == ["errors"]:
            rows = [row for row in rows if row.errors]
        if words[:1] == ["paused"]:
            rows = [row for row in rows if row.paused]
        await message.answer(
            list_text(rows, now_ms=ctx.now_ms(), frank=owner and message.chat.type == "private")
        )

    return routes


def list_text(rows: list[Watched], *, now_ms: int, frank: bool = False) -> str:
    """Return the list, as much of it as fits into a message.

    Only where it is `frank` it tells what keeps an address from being reached: a group may be full of
    strangers.
    """
    if not rows:
        return "Nothing is watched here yet. /add https://example.com/feed.xml starts it."
    lines: list[str] = []
    length = 0
    for place, row in enumerate(rows):
        line = line_of(row, now_ms=now_ms, frank=frank)
        length += len(line) + 1
        if length > _TEXT_LIMIT:
            lines.append(f"… and {len(rows) - place} more")
            break
        lines.append(line)
    return "\n".join(lines)


def line_of(row: Watched, *, now_ms: int, frank: bool = False) -> str:
    """Return one line about a subscription."""
    title = cut(row.title or without_secrets(row.url), 80)
    if row.paused:
        wait_s = None if row.resumes_ms is None else (row.resumes_ms - now_ms) / 1000
        until = "until /resume" if wait_s is None else f"for another {format_duration(wait_s)}"
        return f"{row.number}. ⏸ {title}: pauses {until}"
    if row.error is not None:
        reason = (say if frank else say_alike)(row.error, *json.loads(row.error_args))
        return f"{row.number}. ⚠️ {title}: {reason} ({row.errors} times in a row)"
    wait = format_duration((row.next_check_ms - now_ms) / 1000)
    return f"{row.number}. {title} · next check in {wait}"
