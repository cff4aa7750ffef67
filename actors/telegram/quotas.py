"""Whose quota something counts for, and how quotas are shown and set."""

from aiogram.types import Message

from actors.context import Context
from core.errors import UserError
from core.languages import gettext as _
from core.quotas import Room, read_quota
from core.state_words import role_name
from core.text import cut, one_line
from store import quotas
from store.quotas import Holder
from store.roles import Role

_NAME_LIMIT = 60


def adder_of(message: Message) -> int | None:
    """Return whose quota counts what a message asks for: its sender's, or that of the chat they write as.

    Administrators who write anonymously are their group or channel
    (https://core.telegram.org/bots/api#message, sender_chat).
    """
    if message.sender_chat is not None:
        return message.sender_chat.id
    return None if message.from_user is None else message.from_user.id


async def quota_shown(ctx: Context, user_id: int) -> str:
    """Return what somebody has added, and may add."""
    room = await ctx.store.read(quotas.room_of, user_id, owners=ctx.settings.owner_ids)
    name = cut(one_line(await ctx.store.read(quotas.name_of, user_id)), _NAME_LIMIT)
    return f"{name} ({user_id}): {_words(room)}".lstrip()


async def quota_set(ctx: Context, user_id: int, word: str) -> str:
    """Let somebody add as many subscriptions as a word says; return what is so now.

    Raises:
        UserError: it says no such thing, or of an owner.
    """
    quota = read_quota(word)
    room = await ctx.store.read(quotas.room_of, user_id, owners=ctx.settings.owner_ids)
    if room.limit is None:
        raise UserError("{user} is an owner: owners add as much as they like.", user=user_id)
    await ctx.store.write(quotas.put, user_id, quota)
    return await quota_shown(ctx, user_id)


def line_of(each: Role | Holder) -> str:
    """Return who somebody is in a chat, and what they have added."""
    name = f"{cut(one_line(each.name), _NAME_LIMIT)} ({each.user_id})".lstrip()
    if isinstance(each, Role):
        name = f"{cut(one_line(each.chat), _NAME_LIMIT)}: {role_name(each.role)} {name}"
    return f"{name}; {_words(Room(user_id=each.user_id, used=each.added, limit=each.limit))}"


def _words(room: Room) -> str:
    if room.limit is None:
        return _("subscriptions: {used}").format(used=room.used)
    return _("subscriptions: {used} of {limit}").format(used=room.used, limit=room.limit)
