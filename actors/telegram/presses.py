"""Buttons: every press is checked against what it names, and answered once."""

from aiogram import Router
from aiogram.types import CallbackQuery

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import pressed
from core.errors import UserError
from core.page_policy import PagePolicy
from core.words import say
from store import approvals, brake, doubts, no_facts, probes, subscriptions, wishes


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
        await press.answer("On its way." if queued else "It was posted or queued before.")

    @routes.callback_query(pressed(r"unc:\d{1,18}:(sent|again)"))
    async def settle_doubt(press: CallbackQuery, owner: bool) -> None:
        if not owner:
            raise UserError("Only an owner of the bot may say that.")
        _, queue_id, verdict = (press.data or "").split(":")
        known = await ctx.store.write(
            doubts.answer, queue_id=int(queue_id), verdict=verdict, now_ms=ctx.now_ms()
        )
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        await press.answer("Noted." if known else "This was settled before.")

    @routes.callback_query(pressed(r"facts:\d{1,18}:(post|drop)"))
    async def settle_bare_link(press: CallbackQuery) -> None:
        _, queue_id, verdict = (press.data or "").split(":")
        chat_id = await ctx.store.read(no_facts.chat_of, int(queue_id))
        await require(ctx, press.from_user, chat_id or 0, "editor")
        known = await ctx.store.write(
            no_facts.answer, queue_id=int(queue_id), verdict=verdict, now_ms=ctx.now_ms()
        )
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        await press.answer("Noted." if known else "This was settled before.")

    @routes.callback_query(pressed(r"apr:\d{1,18}:(publish|drop)"))
    async def approve(press: CallbackQuery) -> None:
        _, queue_id, verdict = (press.data or "").split(":")
        chat_id = await ctx.store.read(approvals.chat_of, int(queue_id))
        await require(ctx, press.from_user, chat_id or 0, "editor")
        first = await ctx.store.write(
            approvals.answer,
            queue_id=int(queue_id),
            verdict=verdict,
            by=press.from_user.full_name,
            now_ms=ctx.now_ms(),
        )
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        await press.answer("Noted." if first else "This was settled before.")

    @routes.callback_query(pressed(r"flood:\d{1,18}:(post|drop)"))
    async def settle_flood(press: CallbackQuery) -> None:
        _, newest, verdict = (press.data or "").split(":")
        await require(ctx, press.from_user, press.message.chat.id if press.message else 0, "editor")
        count = await ctx.store.write(brake.answer, newest=int(newest), verdict=verdict, now_ms=ctx.now_ms())
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        await press.answer("Noted." if count else "This was settled before.")

    @routes.callback_query(pressed(r"add:\d{1,18}:(link|\d{1,2})"))
    async def choose_source(press: CallbackQuery) -> None:
        _, probe_id, choice = (press.data or "").split(":")
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
        await press.answer("This button is too old.")

    return routes
