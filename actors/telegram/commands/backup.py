"""/backup: a backup now. It takes a while, so the answer is a notice."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.matching import named
from core.errors import UserError
from store import upkeep


def router(ctx: Context) -> Router:
    """Return the router of /backup."""
    routes = Router(name="backup")

    @routes.message(named("backup"))
    async def backup(message: Message, command: CommandObject) -> None:
        if message.chat.type != "private":
            raise UserError("Ask me that in our private chat: the answer names folders of my machine.")
        send = (command.args or "").strip().lower() == "file"
        await ctx.store.write(upkeep.ask, chat_id=message.chat.id, send=send, now_ms=ctx.now_ms())
        ctx.bells.backup.ring()
        ctx.bells.speaker.ring()

    return routes
