"""/pause: post nothing from some sources for a while, or until somebody says so."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.source_screens import sources_panel
from core.languages import gettext as _
from core.languages import marked
from core.languages.formats import duration_text
from core.pausing import PauseRequest, parse_pause
from core.text import cut
from store import pausing
from store.pausing import Changed

_MOST_SHOWN = 30
_TITLE_LIMIT = 80
HOW = marked(
    "Say which: /pause 3 (until /resume 3), /pause 3 2h (for two hours), /pause all. "
    "/list shows the numbers, /list paused what pauses now."
)


def router(ctx: Context) -> Router:
    """Return the router of /pause."""
    routes = Router(name="pause")

    @routes.message(named("pause"))
    async def pause(message: Message, command: CommandObject, bot: Bot) -> None:
        request = parse_pause(command.args or "", command=command.command.lower())
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        if not request.which:
            panel = await sources_panel(ctx, chat.chat_id, goal="pause", shown="going", head=_(HOW))
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
            return
        now_ms = ctx.now_ms()
        until_ms = None if request.wait_s is None else now_ms + round(request.wait_s * 1000)
        changed = await ctx.store.write(
            pausing.pause,
            chat_id=chat.chat_id,
            which=request.which,
            until_ms=until_ms,
            catch_up=request.backlog or "none",
            now_ms=now_ms,
        )
        await message.answer(_answer(changed, request))

    return routes


def _answer(changed: list[Changed], request: PauseRequest) -> str:
    if request.wait_s is None:
        return changed_text(changed, _("⏸ Pauses until /resume:"), request.which)
    did = _("⏸ Pauses for {duration}:").format(duration=duration_text(request.wait_s))
    return changed_text(changed, did, request.which)


def changed_text(changed: list[Changed], did: str, which: str) -> str:
    """Say which subscriptions something was done to, as many as one reads."""
    if not changed:
        return _("Nothing here that this could be done to is called “{which}”. /list shows all.").format(
            which=which[:100]
        )
    lines = [did]
    lines += [
        _("No. {number} {title}").format(number=each.number, title=cut(each.title, _TITLE_LIMIT))
        for each in changed[:_MOST_SHOWN]
    ]
    more = len(changed) - _MOST_SHOWN
    return "\n".join(lines + ([_("… and {more} more").format(more=more)] if more > 0 else []))
