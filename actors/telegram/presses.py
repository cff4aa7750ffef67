"""Buttons: every press is checked against what it names, and answered once."""

from aiogram import Router
from aiogram.types import CallbackQuery

from actors.context import Context
from actors.telegram.matching import pressed
from store import brake, doubts, subscriptions


def router(ctx: Context) -> Router:
    """Return the router of all buttons. Only owners get here; data carries ids, never rights."""
    routes = Router(name="presses")

    @routes.callback_query(pressed(r"new:\d{1,18}"))
    async def send_newest(press: CallbackQuery) -> None:
        subscription_id = int((press.data or "").partition(":")[2])
        queued = await ctx.store.write(subscriptions.send_newest, subscription_id, now_ms=ctx.now_ms())
        ctx.bells.publisher.ring()
        await press.answer("On its way." if queued else "It was posted or queued before.")

    @routes.callback_query(pressed(r"unc:\d{1,18}:(sent|again)"))
    async def settle_doubt(press: CallbackQuery) -> None:
        _, queue_id, verdict = (press.data or "").split(":")
        known = await ctx.store.write(
            doubts.answer, queue_id=int(queue_id), verdict=verdict, now_ms=ctx.now_ms()
        )
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        await press.answer("Noted." if known else "This was settled before.")

    @routes.callback_query(pressed(r"flood:\d{1,18}:(post|drop)"))
    async def settle_flood(press: CallbackQuery) -> None:
        _, newest, verdict = (press.data or "").split(":")
        count = await ctx.store.write(brake.answer, newest=int(newest), verdict=verdict, now_ms=ctx.now_ms())
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        await press.answer("Noted." if count else "This was settled before.")

    @routes.callback_query()
    async def unknown(press: CallbackQuery) -> None:
        await press.answer("This button is too old.")

    return routes
