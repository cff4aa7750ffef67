"""/admin: the bot itself, for its owners: how it is, its chats, who may do what, and what was done."""

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from actors.context import Context
from actors.telegram import admin_screens as screens
from actors.telegram.admin_screens import FreeBytes
from actors.telegram.matching import named, pressed
from actors.telegram.panels import Panel, turn
from core.errors import UserError
from core.languages import gettext as _
from store import administration, roles, upkeep

_CHAT = r"-?\d{1,18}"
_PAGE = r"\d{1,4}"


def router(ctx: Context, free_bytes: FreeBytes) -> Router:
    """Return the router of /admin and its buttons. Only owners get further than the first line of each."""
    routes = Router(name="admin")
    show: dict[str, Callable[[int], Awaitable[Panel]]] = {
        "home": lambda _rest: screens.home(ctx, free_bytes),
        "check": lambda _rest: screens.check(ctx, free_bytes),
        "chats": lambda page: screens.chats(ctx, page),
        "roles": lambda page: screens.people(ctx, page),
        "links": lambda page: screens.links(ctx, page),
        "log": lambda page: screens.log(ctx, page),
    }

    @routes.message(named("admin"))
    async def admin(message: Message) -> None:
        if message.chat.type != "private":
            raise UserError("Ask me that in our private chat: the answer is about all chats.")
        panel = await screens.home(ctx, free_bytes)
        await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)

    @routes.callback_query(pressed(rf"adm:({'|'.join(show)}):{_PAGE}"))
    async def look(press: CallbackQuery, owner: bool) -> None:
        _adm, screen, page = _words(press, owner=owner)
        await press.answer()
        await turn(press, await show[screen](int(page)))

    @routes.callback_query(pressed(rf"adm:resume:{_CHAT}:{_PAGE}"))
    async def resume(press: CallbackQuery, owner: bool) -> None:
        _adm, _resume, chat, page = _words(press, owner=owner)
        by, now_ms = press.from_user.id, ctx.now_ms()
        resumed = await ctx.store.write(administration.resume, int(chat), by=by, now_ms=now_ms)
        ctx.bells.publisher.ring()
        await press.answer(_("It is tried again.") if resumed else _("It can be reached already."))
        await turn(press, await screens.chats(ctx, int(page)))

    @routes.callback_query(pressed(rf"adm:unrole:{_CHAT}:\d{{1,18}}:{_PAGE}"))
    async def remove(press: CallbackQuery, owner: bool) -> None:
        _adm, _unrole, chat, user, page = _words(press, owner=owner)
        by, now_ms = press.from_user.id, ctx.now_ms()
        count = await ctx.store.write(
            roles.remove, user_id=int(user), chat_id=int(chat), by=by, now_ms=now_ms
        )
        await press.answer(_("Taken back.") if count else _("There is no such role any more."))
        await turn(press, await screens.people(ctx, int(page)))

    @routes.callback_query(pressed(rf"adm:revoke:[0-9a-f]{{16}}:{_PAGE}"))
    async def revoke(press: CallbackQuery, owner: bool) -> None:
        _adm, _revoke, mark, page = _words(press, owner=owner)
        by, now_ms = press.from_user.id, ctx.now_ms()
        done = await ctx.store.write(roles.revoke, mark, by=by, now_ms=now_ms)
        await press.answer(_("The link works no more.") if done else _("That link is gone already."))
        await turn(press, await screens.links(ctx, int(page)))

    @routes.callback_query(pressed("adm:backup:0"))
    async def backup(press: CallbackQuery, owner: bool) -> None:
        _words(press, owner=owner)
        await ctx.store.write(upkeep.ask, chat_id=press.from_user.id, send=False, now_ms=ctx.now_ms())
        ctx.bells.backup.ring()
        ctx.bells.speaker.ring()
        await press.answer(_("I say how it went."))

    return routes


def _words(press: CallbackQuery, *, owner: bool) -> list[str]:
    """Return what a button says.

    Raises:
        UserError: it is not an owner who pressed it, or not in private, where others cannot look on.
    """
    message = press.message
    if not owner or message is None or message.chat.type != "private":
        raise UserError("You may not do that there.")
    return (press.data or "").split(":")
