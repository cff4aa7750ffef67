"""/link: what links get on their way to a chat, and what stands under its posts."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from core.languages import gettext as _
from core.languages import marked
from core.link_rules import LinkRules
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
        await message.answer(rules_text(rules))

    return routes


def rules_text(rules: LinkRules) -> str:
    """Return the rules of a chat with their numbers, and how to change them."""
    lines = [f"{number}. {rule}" for number, rule in enumerate(rules.rules, 1)]
    if rules.ad:
        lines.append(_("Under each post: {ad}").format(ad=rules.ad))
    if not lines:
        lines.append(_("Links go out exactly as they were given."))
    return "\n".join([*lines, "", _(_HELP)])


_HELP = marked("""Change it with
/link add shop.example partner=42
/link wrap shop.example https://go.example/?to={url}
/link require erid shop.example
/link ad Advertisement. Shop Ltd
/link remove 1, /link off""")
