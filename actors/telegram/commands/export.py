"""/export: what a chat watches as OPML, or what was published there as CSV, in a file, in private.

Addresses are in it whole, with queries that may be keys.
"""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message, User
from sqlite_utils import Database

from actors.context import Context
from actors.telegram.access import require, require_here
from actors.telegram.answering import file_in_private, file_to_presser
from actors.telegram.matching import Alone, named, pressed
from actors.telegram.panels import Panel, button, turn
from actors.telegram.places import allowed_place
from core.errors import UserError
from core.languages import gettext as _
from core.languages import marked, ngettext
from core.languages.formats import number_text
from core.requests import split_target
from core.text import one_line
from store import exchange, people, published
from store.outlines import opml

_FILES = {"opml": "subscriptions.opml", "csv": "history.csv"}
_MOST_CHATS = 8
_HOW = marked("A file of what is watched, or of what was published. Of which chat?")


def router(ctx: Context) -> Router:
    """Return the router of /export and of its buttons."""
    routes = Router(name="export")

    @routes.message(Alone("export"))
    async def alone(message: Message) -> None:
        private = message.chat.type == "private"
        chat_id = message.chat.id
        if not private:
            await require_here(ctx, message, chat_id, "editor")
        panel = await _chats(ctx, message.from_user) if private else _kinds(chat_id, back=False)
        await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)

    @routes.message(named("export"))
    async def export(message: Message, command: CommandObject, bot: Bot) -> None:
        target, words = split_target((command.args or "").split())
        what = [word.lower() for word in words]
        if what not in ([], ["history"]):
            raise UserError("/export sends what is watched here; /export history what was published.")
        chat = await allowed_place(ctx, bot, message, target, "editor")
        body, name, note = await ctx.store.read(_file, chat_id=chat.chat_id, what="csv" if what else "opml")
        await file_in_private(bot, message, body, name, caption=note)

    @routes.callback_query(pressed(r"exp:-?\d{1,18}:(chats|kinds|opml|csv)"))
    async def press(query: CallbackQuery, bot: Bot) -> None:
        _exp, chat, what = (query.data or "").split(":")
        await require(ctx, query.from_user, int(chat), "editor")
        if what in ("opml", "csv"):
            body, name, note = await ctx.store.read(_file, chat_id=int(chat), what=what)
            await file_to_presser(bot, query, body, name, caption=note)
            return
        chats = what == "chats"
        await turn(query, await _chats(ctx, query.from_user) if chats else _kinds(int(chat), back=True))
        await query.answer()

    return routes


async def _chats(ctx: Context, user: User | None) -> Panel:
    """Return the chats of which somebody may have a file; where there is one only, its files.

    Raises:
        UserError: there is none.
    """
    owners, user_id = ctx.settings.owner_ids, user.id if user is not None else 0
    chats = await ctx.store.read(people.managed, owners, user_id=user_id, limit=_MOST_CHATS)
    if await ctx.store.read(people.may, owners, user_id=user_id, chat_id=user_id, who="editor"):
        chats.insert(0, (user_id, _("Here")))
    if not chats:
        raise UserError("You may not do that there.")
    if len(chats) == 1:
        return _kinds(chats[0][0], back=False)
    return Panel(_(_HOW), [[button(one_line(title), f"exp:{chat_id}:kinds")] for chat_id, title in chats])


def _kinds(chat_id: int, *, back: bool) -> Panel:
    """Return the files that there are of a chat."""
    rows = [
        [button(_("What is watched (OPML)"), f"exp:{chat_id}:opml")],
        [button(_("What was published (CSV)"), f"exp:{chat_id}:csv")],
    ]
    return Panel(
        _("Which file shall it be?"), rows + ([[button(_("Back"), f"exp:{chat_id}:chats")]] if back else [])
    )


def _file(db: Database, *, chat_id: int, what: str) -> tuple[bytes, str, str]:
    """Return a file of a chat, its name, and what is said about it."""
    if what == "csv":
        return published.table(db, chat_id=chat_id), _FILES[what], ""
    body, count, secrets = _opml(db, chat_id)
    return body, _FILES[what], _note(count, secrets)


def _note(count: int, secrets: int) -> str:
    note = ngettext(
        "{number} subscription. /import reads it.", "{number} subscriptions. /import reads them.", count
    ).format(number=number_text(count))
    if secrets:
        note += " " + ngettext(
            "{number} has a login, headers or a proxy of its own: that is not in it.",
            "{number} have logins, headers or proxies of their own: those are not in it.",
            secrets,
        ).format(number=number_text(secrets))
    return note


def _opml(db: Database, chat_id: int) -> tuple[bytes, int, int]:
    """Return a document, how many subscriptions are in it, and how many of them have secrets."""
    rows = list(exchange.exported(db, chat_id=chat_id))
    text = "".join(opml(rows, one_chat=True))
    return text.encode("utf-8", "replace"), len(rows), sum(row.secrets for row in rows)
