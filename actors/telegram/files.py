"""Sending a file to somebody."""

from pathlib import Path

import structlog
import trio
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import BufferedInputFile

MOST_BYTES = 50 * 10**6
"""https://core.telegram.org/bots/api#senddocument: bots can send files of up to 50 MB."""
_TIMEOUT_S = 300

log = structlog.get_logger("telegram")


class TelegramFiles:
    """Sends files over the Bot API."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, chat_id: int, path: Path) -> bool:
        """Send a file to a chat, once; return whether Telegram confirmed it. A large one is not tried."""
        if (await trio.Path(path).stat()).st_size > MOST_BYTES:
            return False
        body = await trio.Path(path).read_bytes()
        try:
            await self._bot.send_document(
                chat_id,
                BufferedInputFile(body, path.name),
                disable_content_type_detection=True,
                request_timeout=_TIMEOUT_S,
            )
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("file_not_sent", chat=chat_id, error=type(error).__name__)
            return False
        return True
