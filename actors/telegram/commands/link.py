"""/link: what links get on their way to a chat, and what stands under its posts."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.link_panel import link_panel
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from core.requests import split_target
from store import link_rules


def router(ctx: Context) -> Router:
    """Return the router of /link."""
    routes = Router(name="link")

    @routes.message(named("link"))
    async def link(message: Message, command: CommandObject, bot: Bot) -> None:
        target, words = split_target((command.args or "").split())
        chat = await allowed_place(ctx, bot, message, target, "editor")
        if words:
            rules = await ctx.store.write(
                link_rules.change, chat_id=chat.chat_id, text=" ".join(words), now_ms=ctx.now_ms()
            )
            ctx.bells.publisher.ring()
        else:
            rules = await ctx.store.read(link_rules.of_chat, chat.chat_id)
        panel = link_panel(chat.chat_id, rules)
        await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)

    return routes
