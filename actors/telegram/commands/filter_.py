"""/filter: rules for what is posted, shown, added, removed and tried."""

from typing import TypeVar

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message
from sqlite_utils import Database

from actors.context import Context
from actors.telegram.filter_panel import filter_panel
from actors.telegram.filter_words import dry_run_text, rules_text
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from core.errors import UserError
from core.filters.request import FilterRequest, parse_filter
from core.text import cut
from store import filters
from store.dry_runs import dry_run
from store.filters import RuleSet

_T = TypeVar("_T")
_LONGEST = 4_000


def router(ctx: Context) -> Router:
    """Return the router of /filter."""
    routes = Router(name="filter")

    @routes.message(named("filter"))
    async def answer(message: Message, command: CommandObject, bot: Bot) -> None:
        request = parse_filter(command.args or "")
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        match request.action:
            case "show":
                panel = await filter_panel(ctx, chat.chat_id, request.number)
                await message.answer(cut(panel.text, _LONGEST), reply_markup=panel.keyboard, parse_mode=None)
                return
            case "test":
                run = await ctx.store.read(
                    dry_run, chat_id=chat.chat_id, number=request.number, rules=request.rules
                )
                text = dry_run_text(_there(run, request))
            case _:
                changed = await ctx.store.write(_change, chat_id=chat.chat_id, request=request)
                ctx.bells.publisher.ring()  # what waits is judged by them
                text = rules_text(_there(changed, request))
        await message.answer(cut(text, _LONGEST))

    return routes


def _change(db: Database, *, chat_id: int, request: FilterRequest) -> RuleSet | None:
    number = request.number
    match request.action:
        case "add":
            return filters.add(db, chat_id=chat_id, number=number, rules=request.rules)
        case "remove":
            return filters.remove(db, chat_id=chat_id, number=number, which=request.which)
        case _:
            return filters.replace(db, chat_id=chat_id, number=number, rules=())


def _there(found: _T | None, request: FilterRequest) -> _T:
    if found is None:
        raise UserError(
            "Nothing here has the number {number}. /list shows what is watched.", number=request.number
        )
    return found
