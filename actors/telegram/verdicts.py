"""Buttons that answer a question: the first press counts, whoever else sees the card."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import pressed
from core.errors import UserError
from core.languages import gettext as _
from store import approvals, brake, doubts, no_facts


def router(ctx: Context) -> Router:
    """Return the router of the answers that people give by buttons."""
    routes = Router(name="verdicts")

    async def noted(press: CallbackQuery, first: bool) -> None:
        ctx.bells.publisher.ring()
        ctx.bells.speaker.ring()
        await press.answer(_("Noted.") if first else _("This was settled before."))

    @routes.callback_query(pressed(r"unc:\d{1,18}:(sent|again)"))
    async def settle_doubt(press: CallbackQuery, owner: bool) -> None:
        if not owner:
            raise UserError("Only an owner of the bot may say that.")
        _rest, queue_id, verdict = (press.data or "").split(":")
        known = await ctx.store.write(
            doubts.answer, queue_id=int(queue_id), verdict=verdict, now_ms=ctx.now_ms()
        )
        await noted(press, known)

    @routes.callback_query(pressed(r"facts:\d{1,18}:(post|drop)"))
    async def settle_bare_link(press: CallbackQuery) -> None:
        _rest, queue_id, verdict = (press.data or "").split(":")
        chat_id = await ctx.store.read(no_facts.chat_of, int(queue_id))
        await require(ctx, press.from_user, chat_id or 0, "editor")
        known = await ctx.store.write(
            no_facts.answer, queue_id=int(queue_id), verdict=verdict, now_ms=ctx.now_ms()
        )
        await noted(press, known)

    @routes.callback_query(pressed(r"apr:\d{1,18}:(\d{1,9}:)?(publish|drop)"))
    async def approve(press: CallbackQuery) -> None:
        _rest, queue_id, *version, verdict = (press.data or "").split(":")
        chat_id = await ctx.store.read(approvals.chat_of, int(queue_id))
        await require(ctx, press.from_user, chat_id or 0, "editor")
        first = await ctx.store.write(
            approvals.answer,
            queue_id=int(queue_id),
            verdict=verdict,
            by=press.from_user.full_name,
            now_ms=ctx.now_ms(),
            seen=int(version[0]) if version else 0,
        )
        await noted(press, first)
        if version and int(version[0]) and isinstance(press.message, Message):  # a preview has them too
            await press.message.edit_reply_markup(reply_markup=None)

    @routes.callback_query(pressed(r"flood:\d{1,18}:(post|drop)"))
    async def settle_flood(press: CallbackQuery, owner: bool) -> None:
        if not owner:
            raise UserError("Only an owner of the bot may say that.")
        _rest, newest, verdict = (press.data or "").split(":")
        count = await ctx.store.write(brake.answer, newest=int(newest), verdict=verdict, now_ms=ctx.now_ms())
        await noted(press, bool(count))

    return routes
