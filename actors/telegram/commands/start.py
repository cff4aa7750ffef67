"""/start: who this bot is; with a claim code, who owns it from now on."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from actors.context import Context
from actors.telegram.access import PRIVATE
from actors.telegram.asking_for import ask_data
from actors.telegram.commands.connect import ask_which
from actors.telegram.commands.help import help_text
from actors.telegram.matching import named, pressed
from actors.telegram.panels import button
from core.errors import UserError
from core.languages import LANGUAGES, marked, spoken
from core.languages import gettext as _
from core.state_words import role_name
from core.text import cut, one_line
from store import people, roles
from store.roles import Role


def router(ctx: Context) -> Router:
    """Return the router of /start."""
    routes = Router(name="start")

    @routes.message(named("start"))
    async def start(message: Message, command: CommandObject, owner: bool) -> None:
        user = message.from_user
        code = (command.args or "").strip()
        if user is not None and code and not owner:
            owner = await ctx.store.write(people.claim, user_id=user.id, name=user.full_name, code=code)
            if not owner:
                await ctx.store.write(
                    roles.accept, code=code, user_id=user.id, name=user.full_name, now_ms=ctx.now_ms()
                )
        mine = [] if user is None or owner else await ctx.store.read(roles.of_all, user_id=user.id)
        private = message.chat.type == "private"
        if owner and user is not None:
            await message.answer(
                _(_WELCOME), parse_mode=None, reply_markup=_first_steps(user.id) if private else None
            )
        else:
            await message.answer(role_text(mine) or _(PRIVATE), parse_mode=None)

    @routes.callback_query(pressed("first:(connect|help)"))
    async def first_step(press: CallbackQuery, owner: bool) -> None:
        if not owner:
            raise UserError("This bot is private.")
        await press.answer()
        if isinstance(press.message, Message):
            if press.data == "first:connect":
                await ask_which(press.message)
            else:
                await press.message.answer(help_text(""))

    return routes


def _first_steps(user_id: int) -> InlineKeyboardMarkup:
    """Return what a new owner does first, as buttons, and the languages that are not spoken now."""
    others = [button(name, f"lang:{user_id}:{code}") for code, name in LANGUAGES.items() if code != spoken()]
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button(_("Connect a channel or group"), "first:connect")],
            [button(_("Watch something here"), ask_data(user_id))],
            [button(_("All commands"), "first:help"), *others],
        ]
    )


def role_text(mine: list[Role]) -> str:
    """Return what somebody may do in which chats; empty where that is nothing."""
    lines = [
        _("You are {role} of {chat} ({chat_id})").format(
            role=role_name(each.role), chat=cut(one_line(each.chat), 60), chat_id=each.chat_id
        )
        for each in mine[:30]
    ]
    return "\n".join([*lines, "", _(_HOW)]) if lines else ""


_HOW = marked("Name the chat in your commands, like /list @chat or /add -100… URL. /help tells the rest.")
_WELCOME = marked(
    "Hello! I watch feeds and publish each new link to your chats, once.\n\n"
    "Send /add and a feed's address to get its posts here:\n/add https://example.com/feed.xml\n\n"
    "For a channel: make me an administrator there that may post, then\n"
    "/add @yourchannel https://example.com/feed.xml\n\n/help tells the rest."
)
