"""What owners say that is no command this bot knows."""

from aiogram import Router
from aiogram.types import Message

from actors.telegram.matching import private_text
from core.commands import nearest_name
from core.languages import gettext as _


def router() -> Router:
    """Return the router of everything else that is said in a private chat. It must come last."""
    routes = Router(name="other_words")

    @routes.message(private_text)
    async def anything(message: Message) -> None:
        await message.answer(_answer(message.text or ""))

    return routes


def _answer(text: str) -> str:
    """What to say of words that nothing else took: the command that was meant, if it looks like one."""
    meant = nearest_name(text.split(maxsplit=1)[0]) if text.startswith("/") else None
    if meant is None:
        return _("I did not understand that. /help lists what I can do.")
    return _("There is no such command. Did you mean /{name}? /help lists them all.").format(name=meant)
