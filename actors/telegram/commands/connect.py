"""/connect: choose a channel or group, see what the bot lacks there, and try whether it may post."""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import (
    ChatAdministratorRights,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from actors.context import Context
from actors.telegram.asking_for import ask_data
from actors.telegram.matching import named, shared_chat
from actors.telegram.messenger import TelegramMessenger
from actors.telegram.panels import button
from actors.telegram.places import ChatHere, look_up
from actors.telegram.rights import lacking, try_post
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.protocol import Place
from core.requests import Target, split_target
from core.text import cut, one_line
from store import chats

_CHANNEL, _GROUP = 1, 2
_HOW = marked("Choose where I shall post, with the buttons below; I see nothing of your other chats.")


def router(ctx: Context) -> Router:
    """Return the router of /connect and of the chats that are chosen."""
    routes = Router(name="connect")

    @routes.message(named("connect"))
    async def connect(message: Message, command: CommandObject, bot: Bot) -> None:
        target, rest = split_target((command.args or "").split())
        if rest:
            raise UserError("Say which chat: /connect @channel. /connect alone lets you choose one.")
        if target is not None:
            await _check(ctx, bot, message, target)
        elif message.chat.type == "private":
            await ask_which(message)
        else:
            await _check(ctx, bot, message, Target(chat=message.chat.id))

    @routes.message(shared_chat)
    async def chosen(message: Message, bot: Bot) -> None:
        if message.chat_shared is not None:
            await _check(ctx, bot, message, Target(chat=message.chat_shared.chat_id))

    return routes


def _picker() -> ReplyKeyboardMarkup:
    """Return buttons that let somebody pick a chat, and have Telegram add the bot there.

    See https://core.telegram.org/bots/api#keyboardbuttonrequestchat.
    """
    channel = KeyboardButtonRequestChat(
        request_id=_CHANNEL,
        chat_is_channel=True,
        user_administrator_rights=_rights(promote=True),
        bot_administrator_rights=_rights(promote=False),
    )
    group = KeyboardButtonRequestChat(request_id=_GROUP, chat_is_channel=False, bot_is_member=True)
    buttons = [
        [KeyboardButton(text=_("A channel"), request_chat=channel)],
        [KeyboardButton(text=_("A group"), request_chat=group)],
    ]
    return ReplyKeyboardMarkup(keyboard=buttons, resize_keyboard=True, one_time_keyboard=True)


def _rights(*, promote: bool) -> ChatAdministratorRights:
    return ChatAdministratorRights(
        is_anonymous=False,
        can_manage_chat=True,
        can_delete_messages=False,
        can_manage_video_chats=False,
        can_restrict_members=False,
        can_promote_members=promote,
        can_change_info=False,
        can_invite_users=False,
        can_post_stories=False,
        can_edit_stories=False,
        can_delete_stories=False,
        can_send_welcome_messages=False,
        can_post_messages=True,
    )


async def _check(ctx: Context, bot: Bot, message: Message, target: Target) -> None:
    chat = await look_up(bot, target)
    missing = await lacking(bot, chat)
    if not missing:
        place = Place(chat_id=chat.chat_id, topic_id=target.topic_id)
        trouble = await try_post(TelegramMessenger(bot), place)
        missing = [trouble] if trouble is not None else []
    if not missing:
        await ctx.store.write(chats.ensure, chat.chat_id, chat_type=chat.type, title=chat.title)
        await ctx.store.write(chats.resume, chat.chat_id, now_ms=ctx.now_ms())
        ctx.bells.publisher.ring()
    text = result_text(chat, missing)
    private = message.chat.type == "private"
    await message.answer(text, parse_mode=None, reply_markup=ReplyKeyboardRemove() if private else None)
    if private and not missing:
        add = button(_("Watch something for it"), ask_data(chat.chat_id))
        await message.answer(_("What next?"), reply_markup=InlineKeyboardMarkup(inline_keyboard=[[add]]))


async def ask_which(message: Message) -> None:
    """Let somebody choose a chat, in private."""
    await message.answer(_(_HOW), reply_markup=_picker())


def result_text(chat: ChatHere, missing: list[str]) -> str:
    """Return whether the bot can post in a chat, and what to do next."""
    name = f"{cut(one_line(chat.title), 100)} ({chat.chat_id})"
    if missing:
        return "\n".join(
            [_("I cannot post in {name} yet:").format(name=name), *missing, _("Then /connect once more.")]
        )
    return _(
        "✔️ I can post in {name}: a test went there, and is deleted.\n/add {chat_id} URL watches something."
    ).format(name=name, chat_id=chat.chat_id)
