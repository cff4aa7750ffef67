"""/start: who this bot is; with a claim code, who owns it from now on."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from actors.context import Context
from actors.telegram.access import PRIVATE
from actors.telegram.matching import named
from core.languages import gettext as _
from core.languages import marked
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
        await message.answer(_(_WELCOME) if owner else role_text(mine) or _(PRIVATE), parse_mode=None)

    return routes


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
