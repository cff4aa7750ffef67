"""/role: who may do what in which chat."""

import re

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message, User

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.answering import answer_in_private
from actors.telegram.asking import tell_in_private
from actors.telegram.matching import named, pressed
from actors.telegram.panels import Panel, button
from actors.telegram.places import ChatHere, here_or_there, look_up
from actors.telegram.quotas import line_of, quota_set, quota_shown
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked
from core.requests import Target, split_target
from core.state_words import role_name
from core.text import cut, one_line
from store import chats, people, quotas, roles
from store.quotas import Holder
from store.roles import Role

_LONGEST_LIST = 3_000
_MOST_CHATS = 8
_USER = re.compile(r"\d{1,18}", re.ASCII)
_ADDER = re.compile(r"-?\d{1,18}", re.ASCII)
"""A user, or a group that writes."""
_HOW = marked(
    "/role editor @chat makes a link; whoever opens it first, within a week, may manage that chat. "
    "/role viewer @chat: may look only. /role remove USER takes it back. /role quota USER N lets somebody "
    "add at most N subscriptions, all chats together; /role quota USER default as many as is usual. "
    "Administrators of a group are its editors without a link, once something is watched there; those who "
    "write anonymously share the quota of the group, under its id."
)


def router(ctx: Context) -> Router:
    """Return the router of /role, to which only owners come, and of its buttons."""
    routes = Router(name="role")

    @routes.message(named("role"))
    async def role(message: Message, command: CommandObject, bot: Bot) -> None:
        words = (command.args or "").split()
        match [word.lower() for word in words[:1]]:
            case []:
                panel = await _panel(ctx, message.from_user)
                await answer_in_private(bot, message, panel.text, keyboard=panel.keyboard)
                return
            case ["editor" | "viewer" as kind] if len(words) <= 2:  # noqa: PLR2004 - a role and a chat
                target, rest = split_target(words[1:])
                if rest:
                    raise UserError(_HOW)
                text = await _invitation(
                    ctx, bot, await here_or_there(bot, message, target), message.from_user, kind
                )
            case ["remove"] if len(words) == 2 and _USER.fullmatch(words[1]):  # noqa: PLR2004 - with a user
                by = message.from_user.id if message.from_user is not None else 0
                count = await ctx.store.write(roles.remove, user_id=int(words[1]), by=by, now_ms=ctx.now_ms())
                text = (
                    _("Taken back: {count}.").format(count=count)
                    if count
                    else _("{words} has no role in any chat.").format(words=words[1])
                )
            case ["quota"] if 2 <= len(words) <= 3 and _ADDER.fullmatch(words[1]):  # noqa: PLR2004 - a user, a number
                user_id = int(words[1])
                text = await (quota_set(ctx, user_id, words[2]) if words[2:] else quota_shown(ctx, user_id))
            case _:
                raise UserError(_HOW)
        await answer_in_private(bot, message, text)

    @routes.callback_query(pressed(r"role:(editor|viewer):-?\d{1,18}"))
    async def invite(press: CallbackQuery, bot: Bot) -> None:
        _role, kind, chat = (press.data or "").split(":")
        await require(ctx, press.from_user, int(chat), "owner")
        there = await look_up(bot, Target(chat=int(chat)))
        text = await _invitation(ctx, bot, there, press.from_user, kind)
        await tell_in_private(bot, press.from_user, text)
        here = press.message is not None and press.message.chat.type == "private"
        await press.answer("" if here else _("Shown to you in private."))

    return routes


async def _panel(ctx: Context, user: User | None) -> Panel:
    """Return who has which role, with buttons that make links to roles in the chats of an owner."""
    owners, user_id = ctx.settings.owner_ids, user.id if user is not None else 0
    chats = await ctx.store.read(people.managed, owners, user_id=user_id, limit=_MOST_CHATS)
    rows = [
        [
            button(f"{role_name(kind)}: {one_line(title)}", f"role:{kind}:{chat_id}")
            for kind in ("editor", "viewer")
        ]
        for chat_id, title in chats
    ]
    others = await ctx.store.read(quotas.without_role, owners=owners)
    text = roles_text(await ctx.store.read(roles.of_all, owners=owners), others)
    return Panel(text + "\n\n" + _("The buttons make such links, too.") if rows else text, rows)


async def _invitation(ctx: Context, bot: Bot, chat: ChatHere, user: User | None, kind: str) -> str:
    if chat.type == "private":
        raise UserError("Say of which chat: /role {kind} @chat", kind=kind)
    await ctx.store.write(chats.ensure, chat.chat_id, chat_type=chat.type, title=chat.title)
    code = f"{ctx.rng.getrandbits(128):032x}"
    by = user.id if user is not None else 0
    await ctx.store.write(
        roles.invite, chat_id=chat.chat_id, role=kind, code=code, by=by, now_ms=ctx.now_ms()
    )
    name = (await bot.me()).username
    return _(
        "Whoever opens this link first becomes {kind} of {title}. It works once, for a "
        "week:\nhttps://t.me/{name}?start={code}"
    ).format(kind=role_name(kind), title=cut(one_line(chat.title), 100), name=name, code=code)


def roles_text(found: list[Role], others: list[Holder]) -> str:
    """Return who has which role, by chat, and who else adds what is watched."""
    if not found and not others:
        return _("Nobody but owners has a role.") + f"\n\n{_(_HOW)}"
    lines = [*map(line_of, found), *map(line_of, others)]
    return cut("\n".join(lines), _LONGEST_LIST) + f"\n\n{_(_HOW)}"
