"""Files that people send: which of them are lists, and getting what is in them."""

import io
from collections.abc import Iterator

import httpx
import trio
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Document, Message

from core.errors import TransientError, UserError
from core.languages import marked

_MOST_BYTES = 20 * 2**20
"""What a bot may download (https://core.telegram.org/bots/api#getfile)."""
_PIECE_BYTES = 2**14
_LISTS = (".opml", ".xml", ".txt")


def file_of(message: Message) -> Document | None:
    """Return the file of a message, or of the one that it answers."""
    if message.document is not None:
        return message.document
    return message.reply_to_message.document if message.reply_to_message is not None else None


def check_list(document: Document) -> None:
    """Refuse a file that is no list of subscriptions by its name, or too large.

    Raises:
        UserError: it is.
    """
    if not (document.file_name or "").lower().endswith(_LISTS):
        raise UserError(
            "I can import lists of subscriptions: OPML, or a text with one address a line (.txt)."
        )
    if (document.file_size or 0) > _MOST_BYTES:
        raise UserError(
            "The file is larger than {most_bytes} MB, which Telegram does not let me read.",
            most_bytes=_MOST_BYTES >> 20,
        )


async def content_of(bot: Bot, file_id: str) -> bytes:
    """Download a file.

    Raises:
        TransientError: that did not work.
    """
    target = io.BytesIO()
    try:
        await bot.download(file_id, target)
    except (TelegramAPIError, httpx.HTTPError, trio.TooSlowError, ValueError):
        raise TransientError(marked("the file cannot be downloaded")) from None
    return target.getvalue()


def pieces(body: bytes) -> Iterator[bytes]:
    """Yield a file in pieces."""
    for start in range(0, len(body), _PIECE_BYTES):
        yield body[start : start + _PIECE_BYTES]
