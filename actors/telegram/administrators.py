"""Who administers a group, as Telegram says; asked rarely, and forgotten when it changes."""

import trio
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner

_KNOWN_S = 60.0
_MOST = 1_000


class GroupAdministrators:
    """Asks for members of chats, and remembers each for a minute. Belongs to the telegram actor alone."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: dict[tuple[int, int], tuple[float, bool]] = {}

    async def includes(self, chat_id: int, user_id: int) -> bool:
        """Return whether a user administers a chat; where Telegram does not say, no."""
        until_s, known = self._known.get((chat_id, user_id), (0.0, False))
        now_s = trio.current_time()
        if now_s < until_s:
            return known
        try:
            member = await self._bot.get_chat_member(chat_id, user_id)
        except TelegramAPIError:
            return False
        if len(self._known) >= _MOST:
            self._known.clear()
        found = isinstance(member, (ChatMemberOwner, ChatMemberAdministrator))
        self._known[chat_id, user_id] = (now_s + _KNOWN_S, found)
        return found

    def forget(self, chat_id: int) -> None:
        """Ask again about everybody in a chat."""
        for key in [key for key in self._known if key[0] == chat_id]:
            del self._known[key]
