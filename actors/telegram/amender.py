"""Changing and deleting posts that are in their chats, with every answer read as an outcome."""

from aiogram import Bot
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, Message, MessageEntity

from actors.telegram.messenger import outcome_of
from core.protocol import Rejected, SendOutcome, Sent
from store.amendments import Amendment

_SAYS_SO_ALREADY = "message is not modified"
_GONE_ALREADY = ("message to delete not found", "message_id_invalid")


class TelegramAmender:
    """The amender of production, and of every simulation: it drives a real Bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def change(self, amendment: Amendment) -> SendOutcome:
        """Change a text or a caption.

        See https://core.telegram.org/bots/api#editmessagetext and #editmessagecaption there. Buttons
        that are not given again are taken away.
        """

        async def request() -> Message | bool:
            entities = [MessageEntity(**one) for one in amendment.entities]
            keyboard = _keyboard(amendment)
            if amendment.photo:
                return await self._bot.edit_message_caption(
                    chat_id=amendment.chat_id,
                    message_id=amendment.message_id,
                    caption=amendment.text,
                    caption_entities=entities,
                    parse_mode=None,
                    reply_markup=keyboard,
                )
            return await self._bot.edit_message_text(
                chat_id=amendment.chat_id,
                message_id=amendment.message_id,
                text=amendment.text,
                entities=entities,
                parse_mode=None,
                link_preview_options=_preview(amendment),
                reply_markup=keyboard,
            )

        outcome = await outcome_of(request)
        if isinstance(outcome, Rejected) and _SAYS_SO_ALREADY in outcome.error:
            return Sent(message_ids=(amendment.message_id,))
        return outcome

    async def erase(self, amendment: Amendment) -> SendOutcome:
        """Delete a message (https://core.telegram.org/bots/api#deletemessage).

        Outside of channels that the bot administrates only what is younger than 48 hours can be.
        """
        outcome = await outcome_of(
            lambda: self._bot.delete_message(chat_id=amendment.chat_id, message_id=amendment.message_id)
        )
        if isinstance(outcome, Rejected) and any(said in outcome.error for said in _GONE_ALREADY):
            return Sent(message_ids=(amendment.message_id,))
        return outcome


def _keyboard(amendment: Amendment) -> InlineKeyboardMarkup | None:
    if not amendment.buttons:
        return None
    return InlineKeyboardMarkup.model_validate({"inline_keyboard": amendment.buttons})


def _preview(amendment: Amendment) -> LinkPreviewOptions | None:
    return None if amendment.preview is None else LinkPreviewOptions.model_validate(amendment.preview)
