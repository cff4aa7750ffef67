"""The panel of /filter: rules of a chat or a source, taken away and tried by a press, added by a message."""

import zlib

from aiogram import Bot, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.asking import ask_in_private, question_for
from actors.telegram.filter_words import dry_run_text, help_text, rules_text
from actors.telegram.matching import pressed, said_in_private
from actors.telegram.panels import Panel, Row, button, turn
from core.errors import UserError
from core.filters.parsing import parse_rules
from core.filters.request import blocking
from core.languages import gettext as _
from core.languages import ngettext
from core.text import cut
from store import conversations, filters
from store.dry_runs import dry_run
from store.filters import RuleSet

_WHERE = r"-?\d{1,18}:\d{1,9}"
_WHOLE = 0
"""Stands for the whole chat, where others have the number of a source."""
_LABEL_LIMIT = 40


async def filter_panel(ctx: Context, chat_id: int, number: int | None = None) -> Panel:
    """Return the rules of a chat, or of one of its sources, with buttons.

    Raises:
        UserError: nothing has this number.
    """
    sets = await ctx.store.read(filters.of_chat, chat_id)
    found = await ctx.store.read(filters.of, chat_id=chat_id, number=number)
    if found is None:
        raise UserError("Nothing here has the number {number}. /list shows what is watched.", number=number)
    here = f"{chat_id}:{number or _WHOLE}"
    rows: list[Row] = [
        [button(f"✖ {place}. {cut(rule, _LABEL_LIMIT)}", f"flt:ask:{here}:{place}:{_mark(rule)}")]
        for place, rule in enumerate(found.rules, 1)
    ]
    act: Row = [button(_("Add a rule"), f"flt:add:{here}")] if number is None else []
    if found.rules:
        act.append(button(_("Try them"), f"flt:test:{here}"))
    rows += [act] if act else []
    rows += [
        [button(_others(each), f"flt:show:{chat_id}:{each.number or _WHOLE}")]
        for each in sets
        if each.number != number and (each.rules or each.number is None)
    ]
    told = [found] if number is not None else [found, *(each for each in sets if each.number and each.rules)]
    return Panel("\n\n".join([*map(rules_text, told), help_text()]), rows)


def router(ctx: Context) -> Router:
    """Return the router of the panel's buttons, and of the rule that somebody sends."""
    routes = Router(name="filter_panel")

    @routes.callback_query(pressed(rf"flt:(show|test|add):{_WHERE}"))
    async def act(press: CallbackQuery, bot: Bot) -> None:
        _flt, what, chat, source = (press.data or "").split(":")
        chat_id, number = int(chat), int(source) or None
        await require(ctx, press.from_user, chat_id, "editor")
        if what == "add":
            words = _(
                "Send me a rule, or just words: links with them in their title are blocked. "
                "/cancel ends this."
            )
            await ask_in_private(ctx, bot, press.from_user, "rule", chat_id, words)
        elif what == "test":
            await turn(press, await _tried(ctx, chat_id, number))
        else:
            await turn(press, await filter_panel(ctx, chat_id, number))
        await press.answer()

    @routes.callback_query(pressed(rf"flt:(ask|del):{_WHERE}:\d{{1,3}}:[0-9a-f]{{1,8}}"))
    async def remove(press: CallbackQuery) -> None:
        _flt, what, chat, source, place, mark = (press.data or "").split(":")
        chat_id, number = int(chat), int(source) or None
        await require(ctx, press.from_user, chat_id, "editor")
        rule = await _rule(ctx, chat_id, number, int(place), mark)
        if what == "ask":
            await turn(press, _question(rule, f"{chat_id}:{source}", f"{place}:{mark}"))
            await press.answer()
            return
        await ctx.store.write(filters.remove, chat_id=chat_id, number=number, which=int(place))
        ctx.bells.publisher.ring()
        await turn(press, await filter_panel(ctx, chat_id, number))
        await press.answer(_("Removed."))

    @routes.message(said_in_private)
    async def answered(message: Message) -> None:
        user, asked = message.from_user, await question_for(ctx, message)
        if user is None or asked is None or asked.about != "rule" or asked.answered:
            raise SkipHandler  # it is for those behind
        await require(ctx, user, asked.subject, "editor")
        rules = parse_rules(blocking(message.text or ""))
        await ctx.store.write(filters.add, chat_id=asked.subject, number=None, rules=rules)
        await ctx.store.write(conversations.answered, user.id, message_id=message.message_id)
        ctx.bells.publisher.ring()
        panel = await filter_panel(ctx, asked.subject)
        await message.answer(panel.text, reply_markup=panel.keyboard, parse_mode=None)

    return routes


async def _tried(ctx: Context, chat_id: int, number: int | None) -> Panel:
    run = await ctx.store.read(dry_run, chat_id=chat_id, number=number, rules=())
    if run is None:
        raise UserError("Nothing here has the number {number}. /list shows what is watched.", number=number)
    return Panel(dry_run_text(run), [[button(_("Back"), f"flt:show:{chat_id}:{number or _WHOLE}")]])


async def _rule(ctx: Context, chat_id: int, number: int | None, place: int, mark: str) -> str:
    """Return the rule that a button was made for.

    Raises:
        UserError: another one stands there by now.
    """
    found = await ctx.store.read(filters.of, chat_id=chat_id, number=number)
    rule = "" if found is None else dict(enumerate(found.rules, 1)).get(place, "")
    if not rule or _mark(rule) != mark:
        raise UserError("The rules were changed meanwhile. /filter shows them.")
    return rule


def _question(rule: str, here: str, which: str) -> Panel:
    rows = [[button(_("Remove"), f"flt:del:{here}:{which}"), button(_("Back"), f"flt:show:{here}")]]
    return Panel(_("Shall this rule hold no more?") + f"\n{rule}", rows)


def _mark(rule: str) -> str:
    return f"{zlib.crc32(rule.encode()):x}"


def _others(each: RuleSet) -> str:
    if each.number is None:
        return _("Rules of the whole chat")
    count = len(each.rules)
    said = ngettext("No. {number}: {count} rule", "No. {number}: {count} rules", count)
    return said.format(number=each.number, count=count)
