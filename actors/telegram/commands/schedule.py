"""/schedule: when posts of a chat go out."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.claims import pacing_policy
from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.schedule_panel import schedule_panel, schedule_text
from core.posting.rules import parse_rules
from core.requests import split_target
from store import chats
from store.outbox import schedules


def router(ctx: Context) -> Router:
    """Return the router of /schedule."""
    routes = Router(name="schedule")

    @routes.message(named("schedule"))
    async def schedule(message: Message, command: CommandObject, bot: Bot) -> None:
        said = command.args or ""
        target, rest = split_target(said.split(maxsplit=1))
        rules = " ".join(rest) if target is not None else said
        chat = await allowed_place(ctx, bot, message, target, "editor")
        if not rules.strip():
            panel = await schedule_panel(ctx, chat.chat_id)
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
            return
        await ctx.store.write(chats.ensure, chat.chat_id, chat_type=chat.type, title=chat.title)
        await ctx.store.write(schedules.change, chat.chat_id, lambda before: parse_rules(rules, before))
        ctx.bells.publisher.ring()
        now_ms = ctx.now_ms()
        found = await ctx.store.read(
            schedules.schedule_of, chat.chat_id, pacing=pacing_policy(ctx.settings), now_ms=now_ms
        )
        await message.answer(schedule_text(found, now_ms=now_ms))

    return routes
