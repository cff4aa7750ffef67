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
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    MessageOriginChannel,
)

from actors.telegram.plain import GENERAL_TOPIC, Posted
from actors.telegram.refusals import forbidden, place_out_of_reach
from actors.telegram.session import HttpxSession, NothingSent, OutcomeUnknown
from core.errors import TokenRefused
from core.pictures.ways import Picture, is_refusal, is_unwanted
from core.probe import Copied, Missing, Unreadable
from core.protocol import (
    Button,
    ChatMoved,
    Deferred,
    Entity,
    NotSent,
    OutgoingMessage,
    PictureRefused,
    Place,
    Rejected,
    SendOutcome,
    Sent,
    Uncertain,
)
from core.rendering.fingerprint import fingerprint

_UNTOLD_WAIT_S = 5.0
_PNG = b"\x89PNG"

_MISSING = ("message to forward not found", "message_id_invalid")
_UNREADABLE = ("message can't be forwarded", "chat_forwards_restricted")
_AS_GOOD_AS_DELETED = ("message to delete not found", "message can't be deleted", "message_id_invalid")
_AS_GOOD_AS_SENT = ("message is not modified", "message to edit not found", "message can't be edited")


class TelegramMessenger:
    """The messenger of production, and of every simulation: it drives a real Bot."""

    def __init__(self, bot: Bot) -> None:
        if not isinstance(bot.session, HttpxSession):
            raise TypeError("the bot needs an HttpxSession")
        self._bot = bot
        self._session = bot.session

    async def send(self, message: OutgoingMessage) -> SendOutcome:
        """Send a message, or a photo with its caption, once.

        See https://core.telegram.org/bots/api#sendmessage and #sendphoto there.
        """
        photo = _photo(message.picture)
        if photo is not None:
            return await outcome_of(lambda: self._send_photo(message, photo))
        outcome = await outcome_of(lambda: self._send_text(message))
        if isinstance(outcome, PictureRefused) and message.picture is None:
            return Rejected(error=outcome.error)
        return outcome

    async def _send_photo(self, message: OutgoingMessage, photo: str | BufferedInputFile) -> Message:
        return await self._bot.send_photo(
            chat_id=message.place.chat_id,
            message_thread_id=_thread(message),
            photo=photo,
            caption=message.text,
            caption_entities=_entities(message.entities),
            parse_mode=None,
            disable_notification=message.silent or None,
            reply_markup=_keyboard(message.buttons),
        )

    async def _send_text(self, message: OutgoingMessage) -> Message | Posted:
        return await self._session.send_text(self._bot, message)

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

    async def look(
        self, place: Place, chat_id: int, message_id: int
    ) -> Copied | Missing | Unreadable | SendOutcome:
        """Forward a message to look at it (https://core.telegram.org/bots/api#forwardmessage)."""
        copies: list[Message] = []

        async def request() -> Message:
            copies.append(
                await self._bot.forward_message(
                    chat_id=place.chat_id,
                    message_thread_id=place.topic_id if place.topic_id > GENERAL_TOPIC else None,
                    from_chat_id=chat_id,
                    message_id=message_id,
                    disable_notification=True,
                )
            )
            return copies[0]

        outcome = await outcome_of(request)
        if copies:
            return _copied(copies[0])
        if isinstance(outcome, Rejected) and any(said in outcome.error for said in _MISSING):
            return Missing()
        if isinstance(outcome, Rejected) and any(said in outcome.error for said in _UNREADABLE):
            return Unreadable()
        return outcome

    async def delete(self, chat_id: int, message_id: int) -> SendOutcome:
        """Delete a message (https://core.telegram.org/bots/api#deletemessage)."""
        outcome = await outcome_of(lambda: self._bot.delete_message(chat_id=chat_id, message_id=message_id))
        if isinstance(outcome, Rejected) and any(said in outcome.error for said in _AS_GOOD_AS_DELETED):
            return Sent(message_ids=(message_id,))
        return outcome

    @property
    def highest_shared_id(self) -> int:
        """The highest message id that was seen in any private chat or basic group; 0: none yet."""
        return self._session.shared_ids.highest

    @property
    def latest_shared_ids(self) -> frozenset[int]:
        """Ids of messages that were seen lately in private chats and basic groups."""
        return self._session.shared_ids.latest


async def outcome_of(request: Callable[[], Awaitable[Message | Posted | bool]]) -> SendOutcome:  # noqa: C901, PLR0911 - a table of answers
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
        return forbidden(error.message)
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
        if is_refusal(error.message):  # 413 is an error of its own
            return PictureRefused(error=error.message)
        return Rejected(error=error.message)
    if isinstance(message, Posted):
        return Sent(message_ids=(message.message_id,))
    if not isinstance(message, Message):
        return Sent(message_ids=())
    return Sent(
        message_ids=(message.message_id,), file_id=message.photo[-1].file_id if message.photo else None
    )


def _bad_request(description: str) -> SendOutcome:
    said = description.lower()
    if "too many requests" in said:
        # A part of an album was sent before the flood wait: nobody knows which.
        return Uncertain(error=description)
    if is_unwanted(said) or is_refusal(said):
        return PictureRefused(error=said.removeprefix("bad request: "), here_only=is_unwanted(said))
    return place_out_of_reach(said) or Rejected(error=said.removeprefix("bad request: "))


def _copied(copy: Message) -> Copied:
    entities = copy.entities or copy.caption_entities or []
    links = [entity.url for entity in entities if entity.type == "text_link" and entity.url is not None]
    origin = copy.forward_origin
    return Copied(
        copy_id=copy.message_id,
        fingerprint=fingerprint(copy.text or copy.caption or "", links),
        origin=(origin.chat.id, origin.message_id) if isinstance(origin, MessageOriginChannel) else None,
        origin_s=0 if origin is None else round(origin.date.timestamp()),
    )


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


def _thread(message: OutgoingMessage) -> int | None:
    topic_id = message.place.topic_id
    return topic_id if topic_id > GENERAL_TOPIC else None


def _photo(picture: Picture | None) -> str | BufferedInputFile | None:
    """Return what goes out as a photo; None where the picture, if any, is but a preview of the text."""
    match picture:
        case Picture(way="file_id", file_id=str(known)):
            return known
        case Picture(way="url", url=url):
            return url
        case Picture(way="upload", body=bytes(body)):
            return BufferedInputFile(body, filename="picture.png" if body.startswith(_PNG) else "picture.jpg")
        case _:
            return None


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
