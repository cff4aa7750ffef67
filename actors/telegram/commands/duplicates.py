"""/duplicates: how many there are, which is none, and what was caught instead."""

from aiogram import Bot, Router
from aiogram.types import Message

from actors.context import Context
from actors.telegram.answering import answer_in_private
from actors.telegram.matching import named
from core.languages import gettext as _
from core.languages.formats import number_text
from store import repeats
from store.repeats import Caught, Repeats


def router(ctx: Context) -> Router:
    """Return the router of /duplicates."""
    routes = Router(name="duplicates")

    @routes.message(named("duplicates"))
    async def duplicates(message: Message, bot: Bot) -> None:
        text = repeats_text(await ctx.store.read(repeats.count, now_ms=ctx.now_ms()))
        await answer_in_private(bot, message, text)

    return routes


def repeats_text(found: Repeats) -> str:
    """Return the counts in words."""
    lines = [
        _("Duplicates: {same_key}").format(same_key=found.same_key + found.same_place),
        _("Looked at: the newest {looked_at} links and what every chat got of them").format(
            looked_at=number_text(found.looked_at)
        ),
        _("Caught in the last 24 hours: {today}").format(today=_caught(found.today)),
        _("In the last 7 days: {week}").format(week=_caught(found.week)),
        _("Ever: {ever}").format(ever=_caught(found.ever)),
        _("Other addresses that are known to lead to one of the links: {aliases}").format(
            aliases=number_text(found.aliases)
        ),
    ]
    if found.same_key or found.same_place:
        lines.append(_("There should be none: please run “python run.py check” and report what it says."))
    return "\n".join(lines)


def _caught(caught: Caught) -> str:
    return _("{repeats} repeats, {merged} links under a second address").format(
        repeats=number_text(caught.repeats), merged=number_text(caught.merged)
    )
