"""/tz: the time zone of a chat."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.claims import pacing_policy
from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.schedule_panel import schedule_text
from core.languages import gettext as _
from core.posting.zones import find_zone
from core.requests import split_target
from store.outbox import schedules


def router(ctx: Context) -> Router:
    """Return the router of /tz."""
    routes = Router(name="tz")

    @routes.message(named("tz"))
    async def zone(message: Message, command: CommandObject, bot: Bot) -> None:
        target, words = split_target((command.args or "").split())
        chat = await allowed_place(ctx, bot, message, target, "editor")
        if words:
            name = None if words == ["default"] else find_zone(" ".join(words))
            await ctx.store.write(schedules.set_zone, chat.chat_id, name)
            ctx.bells.publisher.ring()
        now_ms = ctx.now_ms()
        found = await ctx.store.read(
            schedules.schedule_of, chat.chat_id, pacing=pacing_policy(ctx.settings), now_ms=now_ms
        )
        hint = "" if words else "\n" + _("Another one: /tz Europe/Berlin, or /tz default")
        await message.answer(schedule_text(found, now_ms=now_ms) + hint)

    return routes
