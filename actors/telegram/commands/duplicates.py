"""/duplicates: how many there are, which is none, and what was caught instead."""

from aiogram import Router
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from store import repeats
from store.repeats import Caught, Repeats


def router(ctx: Context) -> Router:
    """Return the router of /duplicates."""
    routes = Router(name="duplicates")

    @routes.message(named("duplicates"))
    async def duplicates(message: Message) -> None:
        await message.answer(repeats_text(await ctx.store.read(repeats.count, now_ms=ctx.now_ms())))

    return routes


def repeats_text(found: Repeats) -> str:
    """Return the counts in words."""
    lines = [
        f"Duplicates: {found.same_key + found.same_place}",
        f"Looked at: the newest {found.looked_at:,} links and what every chat got of them",
        f"Caught in the last 24 hours: {_caught(found.today)}",
        f"In the last 7 days: {_caught(found.week)}",
        f"Ever: {_caught(found.ever)}",
        f"Other addresses that are known to lead to one of the links: {found.aliases:,}",
    ]
    if found.same_key or found.same_place:
        lines.append("There should be none: please run “python run.py check” and report what it says.")
    return "\n".join(lines)


def _caught(caught: Caught) -> str:
    return f"{caught.repeats:,} repeats, {caught.merged:,} links under a second address"
