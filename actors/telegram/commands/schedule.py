"""/schedule: when posts of a chat go out."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.claims import pacing_policy
from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from core.languages import gettext as _
from core.languages import marked
from core.posting.rules import parse_rules
from core.posting.shown import moment_text, next_text
from core.requests import split_target
from core.words import say
from store import chats
from store.outbox import schedules
from store.outbox.schedules import ChatSchedule

_HELP = marked(
    "I know: hold 23:00-08:00 (posts wait) · silent 22:00-07:30 (no sound) · window 09:00-21:00 mon-fri · "
    "gap 10m · cap 20/day · digest 09:00,18:00 · fold 20 (more than so many at once become a digest). "
    "A rule replaces those of its name, “hold off” ends one, “off” ends all. /tz sets the clock."
)


def router(ctx: Context) -> Router:
    """Return the router of /schedule."""
    routes = Router(name="schedule")

    @routes.message(named("schedule"))
    async def schedule(message: Message, command: CommandObject, bot: Bot) -> None:
        said = command.args or ""
        target, rest = split_target(said.split(maxsplit=1))
        rules = " ".join(rest) if target is not None else said
        chat = await allowed_place(ctx, bot, message, target, "editor")
        if rules.strip():
            await ctx.store.write(chats.ensure, chat.chat_id, chat_type=chat.type, title=chat.title)
            await ctx.store.write(schedules.change, chat.chat_id, lambda before: parse_rules(rules, before))
            ctx.bells.publisher.ring()
        now_ms = ctx.now_ms()
        found = await ctx.store.read(
            schedules.schedule_of, chat.chat_id, pacing=pacing_policy(ctx.settings), now_ms=now_ms
        )
        await message.answer(
            schedule_text(found, now_ms=now_ms) + ("" if rules.strip() else f"\n\n{_(_HELP)}")
        )

    return routes


def schedule_text(found: ChatSchedule, *, now_ms: int) -> str:
    """Return a schedule in words, with what it means for a link that comes now."""
    rules = found.rules.lines() or [_("No rules: posts go out as they come.")]
    clock = (
        _("It is {moment} in {zone}.")
        if found.chosen
        else _("It is {moment} in {zone}, the clock of the bot (/tz sets another).")
    ).format(moment=moment_text(now_ms, found.zone, now_ms=now_ms), zone=found.zone)
    when = next_text(found.next.until_ms, found.zone, now_ms=now_ms)
    if found.next.until_ms is None or found.next.until_ms > now_ms:
        when += f" ({say(found.next.why)})"
    return "\n".join([*rules, "", clock, _("A link that came now would go out: {when}.").format(when=when)])
