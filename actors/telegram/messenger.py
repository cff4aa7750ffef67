"""Sending and editing messages, with every answer of the Bot API read as an outcome."""

from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
)

from actors.telegram.session import NothingSent, OutcomeUnknown
from core.errors import TokenRefused
from core.protocol import (
    Button,
    ChatMoved,
    Deferred,
    Entity,
    NotSent,
    OutgoingMessage,
    PlaceSuspended,
    Rejected,
    SendOutcome,
    Sent,
    Uncertain,
)

_UNTOLD_WAIT_S = 5.0
_GENERAL_TOPIC = 1

_SUSPENDING = (
    ("topic_closed", PlaceSuspended(reason="topic_closed", topic_only=True)),
    ("message thread not found", PlaceSuspended(reason="topic_gone", topic_only=True)),
    ("chat not found", PlaceSuspended(reason="not_found")),
    ("not enough rights", PlaceSuspended(reason="no_rights")),
    ("have no rights", PlaceSuspended(reason="no_rights")),
    ("chat_write_forbidden", PlaceSuspended(reason="no_rights")),
    ("need administrator rights", PlaceSuspended(reason="no_rights")),
    ("chat_admin_required", PlaceSuspended(reason="no_rights")),
)
_AS_GOOD_AS_SENT = ("message is not modified", "message to edit not found", "message can't be edited")


class TelegramMessenger:
    """The messenger of production, and of every simulation: it drives a real Bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, message: OutgoingMessage) -> SendOutcome:
        """Send a message, once (https://core.telegram.org/bots/api#sendmessage)."""
        topic_id = message.place.topic_id
        return await outcome_of(
            lambda: self._bot.send_message(
                chat_id=message.place.chat_id,
                message_thread_id=topic_id if topic_id > _GENERAL_TOPIC else None,
                text=message.text,
                entities=_entities(message.entities),
                parse_mode=None,
                disable_notification=message.silent or None,
                link_preview_options=None if message.preview else LinkPreviewOptions(is_disabled=True),
                reply_markup=_keyboard(message.buttons),
            )
        )

    async def edit(self, message: OutgoingMessage, message_id: int) -> SendOutcome:
        """Change a message (https://core.telegram.org/bots/api#editmessagetext)."""
        outcome = await outcome_of(
            lambda: self._bot.edit_message_text(
                chat_id=message.place.chat_id,
                message_id=message_id,
                text=message.text,
                entities=_entities(message.entities),
                parse_mode=None,
                link_preview_options=None if message.preview else LinkPreviewOptions(is_disabled=True),
                reply_markup=_keyboard(message.buttons),
            )
        )
        if isinstance(outcome, Rejected) and any(said in outcome.error for said in _AS_GOOD_AS_SENT):
            return Sent(message_ids=(message_id,))
        return outcome


async def outcome_of(request: Callable[[], Awaitable[Message | bool]]) -> SendOutcome:  # noqa: PLR0911 - a table of answers
    """Make a request and say what its answer means.

    Only what proves that nothing was sent counts as such; 5xx, broken answers and silence after the
    request was written prove nothing.

    Raises:
        TokenRefused: Telegram does not know the token.
    """
    try:
        message = await request()
    except TelegramRetryAfter as error:
        return Deferred(retry_after_s=float(error.retry_after))
    except TelegramMigrateToChat as error:
        return ChatMoved(new_chat_id=error.migrate_to_chat_id)
    except TelegramForbiddenError as error:
        return PlaceSuspended(reason="blocked" if "blocked" in error.message else "kicked")
    except TelegramBadRequest as error:
        return _bad_request(error.message)
    except (TelegramUnauthorizedError, TelegramNotFound):
        raise TokenRefused(
            "Telegram refuses BOT_TOKEN; get a new one from @BotFather and check BOT_API_URL"
        ) from None
    except (NothingSent, TelegramConflictError) as error:
        return NotSent(error=error.message)
    except (OutcomeUnknown, ClientDecodeError, TelegramServerError) as error:
        return Uncertain(error=type(error).__name__)
    except TelegramAPIError as error:
        if "too many requests" in error.message.lower():
            return Deferred(retry_after_s=_UNTOLD_WAIT_S)
        return Rejected(error=error.message)
    return Sent(message_ids=(message.message_id,) if isinstance(message, Message) else ())


def _bad_request(description: str) -> SendOutcome:
    said = description.lower()
    if "too many requests" in said:
        # A part of an album was sent before the flood wait: nobody knows which.
        return Uncertain(error=description)
    for words, outcome in _SUSPENDING:
        if words in said:
            return outcome
    return Rejected(error=said.removeprefix("bad request: "))


def _entities(entities: tuple[Entity, ...]) -> list[MessageEntity] | None:
    return [
        MessageEntity(
            type=entity.type,
            offset=entity.offset,
            length=entity.length,
            url=entity.url,
            language=entity.language,
        )
        for entity in entities
    ] or None


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text=button.text, url=button.url, callback_data=button.data or None)
                for button in row
            ]
            for row in rows
        ]
    )
