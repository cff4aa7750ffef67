"""/resume: go on after a pause."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.commands.pause import changed_text
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.source_screens import sources_panel
from core.languages import gettext as _
from core.languages import marked
from core.page_policy import PagePolicy
from core.pausing import parse_resume
from store import pausing

HOW = marked(
    "Say which: /resume 3, or /resume all. Of what came meanwhile nothing is posted, unless you say so: "
    "/resume 3 backlog=5 (the newest five), /resume 3 2h (of the last two hours), /resume 3 backlog=all. "
    "/list paused shows what pauses now."
)


def router(ctx: Context) -> Router:
    """Return the router of /resume."""
    routes = Router(name="resume")

    @routes.message(named("resume"))
    async def resume(message: Message, command: CommandObject, bot: Bot) -> None:
        request = parse_resume(command.args or "", command=command.command.lower())
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        if not request.which:
            panel = await sources_panel(ctx, chat.chat_id, goal="resume", shown="paused", head=_(HOW))
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
            return
        changed = await ctx.store.write(
            pausing.resume,
            chat_id=chat.chat_id,
            which=request.which,
            catch_up=request.backlog,
            pages=PagePolicy(fetch=ctx.settings.fetch_pages),
            now_ms=ctx.now_ms(),
        )
        ctx.bells.poller.ring()
        ctx.bells.fetcher.ring()
        ctx.bells.publisher.ring()
        await message.answer(changed_text(changed, _("▶️ Goes on:"), request.which))

    return routes
