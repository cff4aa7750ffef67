"""/history: the last posts of a chat."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.answering import answer_in_private
from actors.telegram.link_lists import link_list
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from core.errors import UserError
from core.languages import gettext as _
from core.languages import ngettext
from core.requests import split_target
from core.text import cut
from store import finding

_USUALLY, _MOST = 10, 20


def router(ctx: Context) -> Router:
    """Return the router of /history."""
    routes = Router(name="history")

    @routes.message(named("history"))
    async def history(message: Message, command: CommandObject, bot: Bot) -> None:
        target, words = split_target((command.args or "").split())
        if words and not (words[0].isascii() and words[0].isdigit()):
            raise UserError("Say how many: /history {usually}", usually=_USUALLY)
        limit = min(_MOST, max(1, int(words[0][:6]))) if words else _USUALLY
        chat = await allowed_place(ctx, bot, message, target, "viewer")
        links = await ctx.store.read(finding.posted, chat.chat_id, limit=limit)
        head = (
            ngettext(
                "The last {count} post in {title}:", "The last {count} posts in {title}:", len(links)
            ).format(count=len(links), title=cut(chat.title, 100))
            if links
            else _("Nothing was posted here yet.")
        )
        text, entities = link_list(head, links, now_ms=ctx.now_ms())
        await answer_in_private(bot, message, text, entities=entities)

    return routes
