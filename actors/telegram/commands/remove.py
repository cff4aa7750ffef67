"""/remove: stop watching; for ten minutes a button takes it back."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from actors.telegram.source_screens import sources_panel
from actors.telegram.taking_back import removed_panel
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.requests import split_target
from store import removing

_CHOOSE = marked("Say which one: /remove 3, /remove https://…, or /remove all; or press its number.")
_ALL_ALIASES = frozenset({"unsub_all", "unsuball", "remove_all"})


def router(ctx: Context) -> Router:
    """Return the router of /remove."""
    routes = Router(name="remove")

    @routes.message(named("remove"))
    async def remove(message: Message, command: CommandObject, bot: Bot) -> None:
        given = (command.args or "").split()
        target, words = split_target(given)
        if command.command.lower() in _ALL_ALIASES:
            words = ["all", *words]
        which = _which(words, target="" if target is None else f"{given[0]} ") if words else ""
        chat = await allowed_place(ctx, bot, message, target, "editor")
        if not which:
            panel = await sources_panel(ctx, chat.chat_id, goal="ask", head=_(_CHOOSE))
            await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)
            return
        removal = await ctx.store.write(
            removing.remove, chat_id=chat.chat_id, which=which, now_ms=ctx.now_ms()
        )
        if removal.removal_id is None:
            raise UserError(
                "Nothing here is called “{which}”. /list shows what is watched.", which=which[:100]
            )
        shown = removed_panel(removal)
        await message.answer(shown.text, reply_markup=shown.keyboard, parse_mode=None)

    return routes


def _which(words: list[str], *, target: str) -> str:
    if words[0] == "all" and words[1:] != ["yes"]:
        raise UserError(
            "This ends every subscription of the chat. If you mean it: {command}",
            command=f"/remove {target}all yes",
        )
    return words[0]
