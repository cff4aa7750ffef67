"""What the bot may do in a chat, and what it lacks to post there."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ResultChatMemberUnion,
)

from actors.messenger import Messenger
from actors.telegram.places import ChatHere
from core.languages import gettext as _
from core.languages import marked
from core.protocol import OutgoingMessage, Place, PlaceSuspended, Sent
from core.words import say

_OUT = marked("I am not in the chat: add me there.")
_TEST = marked("A test of my rights here; it is deleted at once.")


async def lacking(bot: Bot, chat: ChatHere) -> list[str]:
    """Ask Telegram what the bot is in a chat; return what it lacks (https://core.telegram.org/bots/api#chatmember)."""
    me = await bot.me()
    try:
        member = await bot.get_chat_member(chat.chat_id, me.id)
    except (TelegramBadRequest, TelegramForbiddenError):
        return [_(_OUT)]
    return missing_rights(chat.type, member)


def missing_rights(chat_type: str, member: ResultChatMemberUnion) -> list[str]:
    """Return what a bot with this standing lacks to post, in words; nothing where it may."""
    if isinstance(member, (ChatMemberLeft, ChatMemberBanned)):
        return [_(_OUT)]
    if chat_type == "channel":
        if not isinstance(member, ChatMemberAdministrator):
            return [_("Make me an administrator of the channel, with the right to post messages.")]
        return (
            [] if member.can_post_messages else [_("As an administrator I lack the right to post messages.")]
        )
    if isinstance(member, ChatMemberRestricted) and not member.can_send_messages:
        return [_("I am restricted: I may not send messages.")]
    return []  # where only photos are not allowed, pictures go as previews


async def try_post(messenger: Messenger, place: Place) -> str | None:
    """Post something without a sound, and delete it; return what did not work, in words."""
    outcome = await messenger.send(OutgoingMessage(place=place, text=_(_TEST), silent=True, preview=False))
    if isinstance(outcome, PlaceSuspended):
        return _("A test post was refused: {reason}.").format(reason=say(outcome.reason))
    if not isinstance(outcome, Sent):
        reason = getattr(outcome, "error", "") or _("please try again in a moment")
        return _("A test post did not work: {reason}.").format(reason=reason)
    for message_id in outcome.message_ids:
        if not isinstance(await messenger.delete(place.chat_id, message_id), Sent):
            return _("I may post there, but not delete my test post; please delete it.")
    return None
