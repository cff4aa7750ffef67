"""/template: shows how posts look, and changes it after a preview."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.looks import looks_panel
from actors.telegram.matching import named, pressed
from actors.telegram.places import allowed_place, place_of
from actors.telegram.proposing import propose
from core.languages import gettext as _
from core.template_request import parse_template
from store import templates


def router(ctx: Context) -> Router:
    """Return the router of /template and of its buttons."""
    routes = Router(name="template")

    @routes.message(named("template"))
    async def template(message: Message, command: CommandObject, bot: Bot) -> None:
        replied = message.reply_to_message
        said = (replied.text or replied.caption or "") if replied is not None else ""
        request = parse_template(command.args or "", replied=said)
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        kept = await ctx.store.read(templates.template_of, chat_id=chat.chat_id, number=request.number)
        if not request.text:
            if kept is not None:
                await message.answer(kept, parse_mode=None)
            panel = looks_panel(chat.chat_id, request.number, kept)
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
        elif request.resets:
            await ctx.store.write(
                templates.set_template, chat_id=chat.chat_id, number=request.number, template=None
            )
            await message.answer(_("✔️ Posts look as they do by default."))
        else:
            await propose(
                ctx,
                bot,
                place_of(message),
                chat_id=chat.chat_id,
                number=request.number,
                template=request.text,
                message_id=message.message_id,
            )

    @routes.callback_query(pressed(r"tpl:\d{1,18}:(save|cancel)"))
    async def settle(press: CallbackQuery) -> None:
        _tpl, message_id, verdict = (press.data or "").split(":")
        here = press.message.chat.id if press.message is not None else 0
        chat_id = await ctx.store.read(templates.proposed_for, here=here, message_id=int(message_id))
        await require(ctx, press.from_user, chat_id or 0, "editor")
        done = await ctx.store.write(
            templates.settle, here=here, message_id=int(message_id), verdict=verdict, now_ms=ctx.now_ms()
        )
        ctx.bells.speaker.ring()
        await press.answer(_("Noted.") if done else _("This was settled before."))

    return routes
