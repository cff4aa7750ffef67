"""In which language an update is answered: aiogram's i18n, with the catalogs of `core.languages`."""

from typing import Any

from aiogram.types import CallbackQuery, Message, TelegramObject, User
from aiogram.utils.i18n import I18n
from aiogram.utils.i18n.middleware import I18nMiddleware

from actors.context import Context
from core import languages as spoken
from store import languages


class Languages(I18nMiddleware):
    """Lets everything inside it speak the language of whoever wrote or pressed.

    It is what they chose by /lang, else what their Telegram is in, else what was chosen for the chat, else
    BOT_LANGUAGE. Somebody without a name of their own (a channel, an anonymous administrator) is spoken to in
    the language of the chat.
    """

    def __init__(self, ctx: Context) -> None:
        catalogs = I18n(path=spoken.FOLDER, domain=spoken.DOMAIN, default_locale=ctx.settings.bot_language)
        catalogs.ctx_locale = spoken.SPOKEN  # what aiogram sets is what core speaks
        super().__init__(catalogs)
        self._ctx = ctx

    async def get_locale(self, event: TelegramObject, data: dict[str, Any]) -> str:  # noqa: ARG002 - aiogram's
        """Return the code of the language for one update."""
        if not isinstance(event, (Message, CallbackQuery)):
            return self._ctx.settings.bot_language
        user = None if isinstance(event, Message) and event.sender_chat is not None else event.from_user
        message = event if isinstance(event, Message) else event.message
        found = None if user is None else await self._of_user(user, told=_is_private(message))
        if found is None and message is not None:
            found = await self._ctx.store.read(languages.of_place, message.chat.id)
        return found or self._ctx.settings.bot_language

    async def _of_user(self, user: User, *, told: bool) -> str | None:
        """Return a user's language; what their Telegram is in is remembered from private chats."""
        chosen = await self._ctx.store.read(languages.chosen, user.id)
        says = spoken.closest(user.language_code)
        if told and says is not None:
            await self._hear(user, says)
        return chosen or says

    async def _hear(self, user: User, language: str) -> None:
        owners = self._ctx.settings.owner_ids
        if await self._ctx.store.read(languages.is_news, owners, user.id, language):
            await self._ctx.store.write(languages.hear, user.id, name=user.full_name, language=language)


def _is_private(message: object) -> bool:
    return getattr(getattr(message, "chat", None), "type", "") == "private"
