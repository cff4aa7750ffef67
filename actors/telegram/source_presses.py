"""Buttons of the panels of sources. Their data are ids, never rights: every press is checked for its chat."""

from typing import cast

from aiogram import Bot, Router
from aiogram.types import CallbackQuery

from actors.context import Context
from actors.telegram import source_cards as cards
from actors.telegram.access import may, require
from actors.telegram.commands.test import show_latest
from actors.telegram.matching import pressed
from actors.telegram.panels import Panel, button, turn
from actors.telegram.source_screens import GOALS, SHOWN, Goal, Shown, sources_panel
from actors.telegram.taking_back import removed_panel
from core.languages import gettext as _
from core.page_policy import PagePolicy
from core.protocol import Place
from core.set_keys import parse_set
from core.text import cut
from store import options, pausing, removing, sources

_CHAT = r"-?\d{1,18}"
_HERE = rf"{_CHAT}:\d{{1,9}}:\d{{1,4}}"
_KEYS = (*cards.SWITCHES, "every")
_TOAST = 200
"""Characters of what pops up (https://core.telegram.org/bots/api#answercallbackquery)."""
_ACTS = ("card", "pause", "resume", "check", "test", "set", "ask")


def router(ctx: Context) -> Router:
    """Return the router of these buttons."""
    routes = Router(name="source_presses")

    @routes.callback_query(pressed(rf"src:list:{_CHAT}:({'|'.join(GOALS)}):({'|'.join(SHOWN)}):\d{{1,4}}"))
    async def turn_page(press: CallbackQuery, owner: bool) -> None:
        _rest, _rest, chat, goal, shown, page = (press.data or "").split(":")
        await require(ctx, press.from_user, int(chat), "viewer" if goal == "card" else "editor")
        await press.answer()
        panel = await sources_panel(
            ctx,
            int(chat),
            goal=cast("Goal", goal),
            shown=cast("Shown", shown),
            number=int(page),
            frank=_frank(press, owner=owner),
        )
        await turn(press, panel)

    @routes.callback_query(pressed(rf"src:({'|'.join(_ACTS)}):{_HERE}"))
    async def act(press: CallbackQuery, bot: Bot, owner: bool) -> None:
        _rest, action, *rest = (press.data or "").split(":")
        chat_id, number, page = map(int, rest)
        await require(ctx, press.from_user, chat_id, "viewer" if action == "card" else "editor")
        said = await _do(ctx, press, bot, action, chat_id, number)
        frank = _frank(press, owner=owner)
        editor = await may(ctx, press.from_user, chat_id, "editor")
        shown = await _after(ctx, action, chat_id, number, page=page, frank=frank, editor=editor)
        await turn(press, shown)
        await press.answer(cut(said, _TOAST))

    @routes.callback_query(pressed(rf"src:remove:{_HERE}"))
    async def remove(press: CallbackQuery) -> None:
        chat_id, number, page = map(int, (press.data or "").split(":")[2:])
        await require(ctx, press.from_user, chat_id, "editor")
        removal = await ctx.store.write(
            removing.remove, chat_id=chat_id, which=str(number), now_ms=ctx.now_ms()
        )
        if removal.removal_id is None:  # pressed twice, perhaps: the way back that it shows stays
            await press.answer(_("It was removed before."))
            return
        back = [[button(_("Back"), f"src:list:{chat_id}:card:all:{page}")]]
        await turn(press, removed_panel(removal, back=back))
        await press.answer(_("Removed."))

    @routes.callback_query(pressed(rf"src:put:{_HERE}:({'|'.join(_KEYS)})=[a-z0-9]{{1,9}}"))
    async def put(press: CallbackQuery) -> None:
        _rest, _rest, *rest, words = (press.data or "").split(":")
        chat_id, number, page = map(int, rest)
        await require(ctx, press.from_user, chat_id, "editor")
        changes = parse_set(f"{number} {words}", interval_min_s=ctx.settings.interval_min).changes
        now_ms = ctx.now_ms()
        await ctx.store.write(options.change, chat_id=chat_id, number=number, changes=changes, now_ms=now_ms)
        ctx.bells.poller.ring()
        ctx.bells.publisher.ring()
        await turn(press, await cards.settings(ctx, chat_id, number, page=page))
        await press.answer(words)

    return routes


async def _do(ctx: Context, press: CallbackQuery, bot: Bot, action: str, chat_id: int, number: int) -> str:
    """Do what a button says; return what there is to say about it."""
    now_ms = ctx.now_ms()
    which = str(number)
    match action:
        case "pause":
            await ctx.store.write(
                pausing.pause, chat_id=chat_id, which=which, until_ms=None, catch_up="none", now_ms=now_ms
            )
            return _("It pauses.")
        case "resume":
            pages = PagePolicy(fetch=ctx.settings.fetch_pages)
            await ctx.store.write(
                pausing.resume, chat_id=chat_id, which=which, catch_up=None, pages=pages, now_ms=now_ms
            )
            said = _("It goes on.")
        case "check":
            known = await ctx.store.write(sources.check_now, chat_id=chat_id, number=number, now_ms=now_ms)
            said = _("I look at it now.") if known else _("It pauses, or is gone.")
        case "test":
            place = Place(chat_id=press.from_user.id)
            remarks = await show_latest(ctx, bot, chat_id=chat_id, number=number, count=1, to=place)
            return "\n".join(remarks) or _("Shown to you in private.")
        case _:
            return ""
    ctx.bells.poller.ring()
    ctx.bells.fetcher.ring()
    ctx.bells.publisher.ring()
    return said


async def _after(
    ctx: Context, action: str, chat_id: int, number: int, *, page: int, frank: bool, editor: bool
) -> Panel:
    """Return what is shown when that was done."""
    match action:
        case "set":
            return await cards.settings(ctx, chat_id, number, page=page)
        case "ask":
            return await cards.question(ctx, chat_id, number, page=page)
        case _:
            return await cards.card(ctx, chat_id, number, page=page, frank=frank, editor=editor)


def _frank(press: CallbackQuery, *, owner: bool) -> bool:
    return owner and press.message is not None and press.message.chat.type == "private"
