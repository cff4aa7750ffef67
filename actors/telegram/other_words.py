"""What owners say that is no command this bot knows."""

from aiogram import Router
from aiogram.types import Message

from actors.telegram.matching import private_text


def router() -> Router:
    """Return the router of everything else that is said in a private chat. It must come last."""
    routes = Router(name="other_words")

    @routes.message(private_text)
    async def anything(message: Message) -> None:
        text = message.text or ""
        if text.startswith(("http://", "https://")):
            await message.answer(f"To watch it for new posts, send\n/add {text.split()[0][:500]}")
        else:
            await message.answer("I did not understand that. /help lists what I can do.")

    return routes
