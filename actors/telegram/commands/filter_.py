"""/filter: rules for what is posted, shown, added, removed and tried."""

from typing import TypeVar

from aiogram import Bot, Router
from aiogram.filters import CommandObject
from aiogram.types import Message
from sqlite_utils import Database

from actors.context import Context
from actors.telegram.matching import named
from actors.telegram.places import allowed_place
from core.errors import UserError
from core.filters.fields import FIELDS
from core.filters.request import FilterRequest, parse_filter
from core.languages import gettext as _
from core.languages import marked
from core.text import cut
from store import filters
from store.dry_runs import DryRun, RuleRun, dry_run
from store.filters import RuleSet

_T = TypeVar("_T")
_LONGEST = 4_000
_TITLE_LIMIT = 100


def router(ctx: Context) -> Router:
    """Return the router of /filter."""
    routes = Router(name="filter")

    @routes.message(named("filter"))
    async def answer(message: Message, command: CommandObject, bot: Bot) -> None:
        request = parse_filter(command.args or "")
        chat = await allowed_place(ctx, bot, message, request.target, "editor")
        match request.action:
            case "show" if request.number is None:
                text = overview_text(await ctx.store.read(filters.of_chat, chat.chat_id))
            case "show":
                found = await ctx.store.read(filters.of, chat_id=chat.chat_id, number=request.number)
                text = rules_text(_there(found, request))
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


_HELP = marked("""A rule is what to do, and of which links:
/filter block title ~ /webinar/i
/filter 3 keep price < 5000 and discount >= 20
/filter 3 tag #sale discount >= 30
Also: topic 45 …, silent …, first …
Facts: FIELDS
Signs: = != ~ !~ < <= > >= in contains, and, or, not, ( )
/filter 3 shows the rules of No. 3, /filter 3 remove 2 ends one, /filter 3 off all of them; without a number \
it is about the whole chat.
/filter test 3 block title ~ sale tries a rule on the links that came before.""")


def overview_text(sets: list[RuleSet]) -> str:
    """Return all rules of a chat in words, and how to write some."""
    shown = [rules_text(each) for each in sets if each.rules or each.number is None]
    return "\n\n".join([*shown, _(_HELP).replace("FIELDS", ", ".join(FIELDS))])


def rules_text(rules: RuleSet) -> str:
    """Return numbered rules in words."""
    whole = rules.number is None
    if rules.rules:
        head = _("Rules for the whole chat:") if whole else _("Rules for No. {number} ({name}):")
    elif whole:
        head = _("No rules for the whole chat: everything is posted.")
    else:
        head = _("No rules for No. {number} ({name}): everything is posted.")
    lines = [f"{place}. {rule}" for place, rule in enumerate(rules.rules, 1)]
    return "\n".join([head.format(number=rules.number, name=cut(rules.name, _TITLE_LIMIT)), *lines])


def dry_run_text(run: DryRun) -> str:
    """Return in words what rules would have done."""
    if not run.rules:
        return _("There are no rules to try. Write one behind it, like /filter test block title ~ sale")
    if not run.links:
        return _("Nothing has come yet that it could be tried on.")
    lines = [
        _("This would have stopped {stopped} of the last {links} links.").format(
            stopped=run.stopped, links=run.links
        )
    ]
    for each in run.rules:
        lines += ["", each.rule, _fits(each), *(f"• {cut(title, _TITLE_LIMIT)}" for title in each.examples)]
    return "\n".join(lines)


def _fits(run: RuleRun) -> str:
    said = _("fits {count}").format(count=run.fits)
    if run.unknown:
        said += _("; of {unknown} it cannot be said, for their pages did not tell").format(
            unknown=run.unknown
        )
    return said + (_(", such as") if run.examples else "")
