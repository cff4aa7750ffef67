"""Buttons: every press is checked against what it names, and answered once."""

from aiogram import Router
from aiogram.types import CallbackQuery

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import pressed
from core.languages import gettext as _
from core.page_policy import PagePolicy
from core.words import say
from store import probes, subscriptions, wishes


def router(ctx: Context) -> Router:
    """Return the router of all buttons. Data carries ids, never rights: each is checked against its chat."""
    routes = Router(name="presses")

    @routes.callback_query(pressed(r"new:\d{1,18}"))
    async def send_newest(press: CallbackQuery) -> None:
        subscription_id = int((press.data or "").partition(":")[2])
        chat_id = await ctx.store.read(subscriptions.chat_of, subscription_id)
        await require(ctx, press.from_user, chat_id or 0, "editor")
        queued = await ctx.store.write(wishes.send_newest, subscription_id, now_ms=ctx.now_ms())
        ctx.bells.publisher.ring()
        await press.answer(_("On its way.") if queued else _("It was posted or queued before."))

    @routes.callback_query(pressed(r"add:\d{1,18}:(link|\d{1,2})"))
    async def choose_source(press: CallbackQuery) -> None:
        _rest, probe_id, choice = (press.data or "").split(":")
        did = await ctx.store.write(
            probes.answer,
            int(probe_id),
            choice,
            user_id=press.from_user.id,
            owners=ctx.settings.owner_ids,
            pages=PagePolicy(fetch=ctx.settings.fetch_pages),
            now_ms=ctx.now_ms(),
        )
        ctx.bells.speaker.ring()
        ctx.bells.poller.ring()
        ctx.bells.fetcher.ring()
        ctx.bells.publisher.ring()
        await press.answer(say(did), show_alert=did in ("add_old", "add_forbidden"))

    @routes.callback_query()
    async def unknown(press: CallbackQuery) -> None:
        await press.answer(_("This button is too old."))

    return routes
