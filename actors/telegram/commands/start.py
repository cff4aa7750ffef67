"""/start: who this bot is; with a claim code, who owns it from now on."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.access import PRIVATE
from actors.telegram.matching import named
from store import people


def router(ctx: Context) -> Router:
    """Return the router of /start."""
    routes = Router(name="start")

    @routes.message(named("start"))
    async def start(message: Message, command: CommandObject, owner: bool) -> None:
        user = message.from_user
        code = (command.args or "").strip()
        if user is not None and code and not owner:
            owner = await ctx.store.write(people.claim, user_id=user.id, name=user.full_name, code=code)
        await message.answer(_WELCOME if owner else PRIVATE)

    return routes


_WELCOME = (
    "Hello! I watch feeds and publish each new link to your chats, once.\n\n"
    "Send /add and a feed's address to get its posts here:\n/add https://example.com/feed.xml\n\n"
    "For a channel: make me an administrator there that may post, then\n"
    "/add @yourchannel https://example.com/feed.xml\n\n/help tells the rest."
)
