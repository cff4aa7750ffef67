"""/tz: the time zone of a chat."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from actors.claims import pacing_policy
from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import named, pressed
from actors.telegram.panels import Panel, Row, button, turn
from actors.telegram.places import allowed_place
from actors.telegram.schedule_panel import schedule_text
from core.errors import UserError
from core.languages import gettext as _
from core.languages import spoken
from core.posting.zone_search import city_of, offset_in, zone_meant, zones_near, zones_offered
from core.posting.zones import local, names, zone_of
from core.requests import Target, split_target
from store.outbox import schedules

_IN_A_ROW = 2


def router(ctx: Context) -> Router:
    """Return the router of /tz and of its buttons."""
    routes = Router(name="tz")

    @routes.message(named("tz"))
    async def zone(message: Message, command: CommandObject, bot: Bot) -> None:
        target, typed = _parse(command.args or "")
        chat = await allowed_place(ctx, bot, message, target, "editor")
        name = None if typed.lower() == "default" else zone_meant(typed)
        if not typed:
            text = await _shown(ctx, chat.chat_id)
            text += "\n" + _("Another one: /tz Europe/Berlin, or /tz default")
            rows = zone_rows(chat.chat_id, zones_offered(spoken()), now_ms=ctx.now_ms())
            panel = Panel(text, [*rows, [button(_("By my location"), f"tzloc:{chat.chat_id}")]])
        elif name is None and typed.lower() != "default":
            panel = zones_panel(chat.chat_id, typed, now_ms=ctx.now_ms())
        else:
            panel = Panel(await choose_zone(ctx, chat.chat_id, name), [])
        await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)

    @routes.callback_query(pressed(r"tz:-?\d{1,18}:[A-Za-z0-9_/+-]{1,40}"))
    async def press(query: CallbackQuery) -> None:
        _prefix, chat_id, name = (query.data or "").split(":")
        await require(ctx, query.from_user, int(chat_id), "editor")
        if name not in names():
            await query.answer(_("This button is too old."))
            return
        await turn(query, Panel(await choose_zone(ctx, int(chat_id), name), []))
        await query.answer(name)

    return routes


def _parse(text: str) -> tuple[Target | None, str]:
    """Take the chat off a zone; `-3` is a clock, and never was the id of a chat."""
    words = text.split()
    target = None
    if words and offset_in(words[0]) is None:
        target, words = split_target(words)
    return target, " ".join(words)


async def choose_zone(ctx: Context, chat_id: int, name: str | None) -> str:
    """Let a chat have a zone, None for the usual one, and return what holds then, in words."""
    await ctx.store.write(schedules.set_zone, chat_id, name)
    ctx.bells.publisher.ring()
    return await _shown(ctx, chat_id)


async def _shown(ctx: Context, chat_id: int) -> str:
    now_ms, pacing = ctx.now_ms(), pacing_policy(ctx.settings)
    found = await ctx.store.read(schedules.schedule_of, chat_id, pacing=pacing, now_ms=now_ms)
    return schedule_text(found, now_ms=now_ms)


def zones_panel(chat_id: int, typed: str, *, now_ms: int) -> Panel:
    """Return which zones could be meant.

    Raises:
        UserError: none could.
    """
    zones = zones_near(typed, spoken(), now_ms=now_ms)
    if not zones:
        raise UserError(
            "“{text}” is no time zone I know. Write it like Europe/Berlin, Berlin or +3.", text=typed[:60]
        )
    return Panel(
        _("Perhaps one of these? The time is what it is there now."), zone_rows(chat_id, zones, now_ms=now_ms)
    )


def zone_rows(chat_id: int, zones: tuple[str, ...], *, now_ms: int) -> list[Row]:
    """Return zones as buttons with their cities and what their clocks show."""
    buttons = [
        button(f"{city_of(name, spoken())} {local(now_ms, zone_of(name)):%H:%M}", f"tz:{chat_id}:{name}")
        for name in zones
    ]
    return [buttons[start : start + _IN_A_ROW] for start in range(0, len(buttons), _IN_A_ROW)]
