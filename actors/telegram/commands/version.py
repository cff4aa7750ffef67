"""/version: which version runs."""

from aiogram import Router
from aiogram.types import Message

from actors.telegram.matching import named
from core import VERSION


def router() -> Router:
    """Return the router of /version."""
    routes = Router(name="version")

    @routes.message(named("version"))
    async def version(message: Message) -> None:
        await message.answer(f"Vestnik {VERSION}")

    return routes
