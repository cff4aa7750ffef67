"""What owners say that is no command this bot knows."""

from aiogram import Router
from aiogram.types import Message

from actors.telegram.matching import private_text
from core.languages import gettext as _


def router() -> Router:
    """Return the router of everything else that is said in a private chat. It must come last."""
    routes = Router(name="other_words")

    @routes.message(private_text)
    async def anything(message: Message) -> None:
        await message.answer(_("I did not understand that. /help lists what I can do."))

    return routes
