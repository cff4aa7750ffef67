"""/version: which version runs."""

from aiogram import Router
from aiogram.types import Message

from actors.telegram.matching import named
from core import VERSION
from core.languages import gettext as _


def router() -> Router:
    """Return the router of /version."""
    routes = Router(name="version")

    @routes.message(named("version"))
    async def version(message: Message) -> None:
        await message.answer(_("Vestnik {version}").format(version=VERSION))

    return routes
