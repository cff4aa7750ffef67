"""/add and /post without an address: a command alone opens buttons, never an error."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.access import require_here
from actors.telegram.asking_for import where_panel
from actors.telegram.matching import Alone
from core.languages import gettext as _
from core.languages import marked

_TEXTS = {
    "add": (
        "address",
        marked(
            "Send the address of a feed or of a page with it, like\n/add https://example.com\n"
            "Options: every=30m (how often I look), backlog=3 (how many of its present entries to post), "
            "as=sitemap or as=list select=.card for a page without a feed.\n\n"
            "Or shall I ask for it? Where to:"
        ),
    ),
    "post": (
        "link",
        marked(
            "Send links to post, like\n/post https://example.com/story\n"
            "now posts at once, at=18:30 at that time, again also what was posted before.\n\n"
            "Or shall I ask for them? Where to:"
        ),
    ),
}


def router(ctx: Context) -> Router:
    """Return the router; it must come before those of the commands."""
    routes = Router(name="commands_alone")

    @routes.message(Alone("add", "post"))
    async def where(message: Message, command: CommandObject) -> None:
        name = "post" if command.command.lower() == "post" else "add"
        about, text = _TEXTS[name]
        if message.chat.type != "private":
            await require_here(ctx, message, message.chat.id, "editor")
        panel = await where_panel(ctx, message, about=about, text=_(text))
        await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)

    return routes
