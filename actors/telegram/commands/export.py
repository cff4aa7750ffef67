"""/export: what a chat watches as OPML, or what was published there as CSV, in a file, in private.

Addresses are in it whole, with queries that may be keys.
"""

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message
from sqlite_utils import Database

from actors.context import Context
from actors.telegram.answering import file_in_private
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from core.errors import UserError
from core.languages import ngettext
from core.languages.formats import number_text
from core.requests import split_target
from store import exchange, published
from store.outlines import opml


def router(ctx: Context) -> Router:
    """Return the router of /export."""
    routes = Router(name="export")

    @routes.message(named("export"))
    async def export(message: Message, command: CommandObject, bot: Bot) -> None:
        target, words = split_target((command.args or "").split())
        what = [word.lower() for word in words]
        if what not in ([], ["history"]):
            raise UserError("/export sends what is watched here; /export history what was published.")
        chat = await allowed_place(ctx, bot, message, target, "editor")
        if what:
            body = await ctx.store.read(published.table, chat_id=chat.chat_id)
            await file_in_private(bot, message, body, "history.csv")
            return
        body, count, secrets = await ctx.store.read(_opml, chat.chat_id)
        note = ngettext(
            "{number} subscription. /import reads it.", "{number} subscriptions. /import reads them.", count
        ).format(number=number_text(count))
        if secrets:
            note += " " + ngettext(
                "{number} has a login, headers or a proxy of its own: that is not in it.",
                "{number} have logins, headers or proxies of their own: those are not in it.",
                secrets,
            ).format(number=number_text(secrets))
        await file_in_private(bot, message, body, "subscriptions.opml", caption=note)

    return routes


def _opml(db: Database, chat_id: int) -> tuple[bytes, int, int]:
    """Return a document, how many subscriptions are in it, and how many of them have secrets."""
    rows = list(exchange.exported(db, chat_id=chat_id))
    text = "".join(opml(rows, one_chat=True))
    return text.encode("utf-8", "replace"), len(rows), sum(row.secrets for row in rows)
