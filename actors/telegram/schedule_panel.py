"""The panel of /schedule: the usual choices as buttons; rules that were typed stay as they are."""

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardButton

from actors.claims import pacing_policy
from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import pressed
from actors.telegram.panels import Panel, Row, button, turn
from core.languages import gettext as _
from core.languages import marked
from core.posting.rules import PostingRules, parse_rules
from core.posting.shown import moment_text, next_text
from core.words import say
from store.outbox import schedules
from store.outbox.schedules import ChatSchedule

HELP = marked(
    "I know: hold 23:00-08:00 (posts wait) · silent 22:00-07:30 (no sound) · window 09:00-21:00 mon-fri · "
    "gap 10m · cap 20/day · digest 09:00,18:00 · fold 20 (more than so many at once become a digest). "
    "A rule replaces those of its name, “hold off” ends one, “off” ends all. /tz sets the clock."
)
_CHOICES = (
    ("hold 23:00-08:00", "silent 22:00-08:00"),
    ("gap 5m", "gap 10m", "gap 30m", "gap 1h"),
    ("cap 5/day", "cap 10/day", "cap 20/day"),
    ("digest 09:00", "digest 09:00,18:00"),
)
"""Rules as they are typed, row by row; a press on one that holds ends it."""
_RULES = tuple(rule for row in _CHOICES for rule in row)


async def schedule_panel(ctx: Context, chat_id: int) -> Panel:
    """Return the schedule of a chat in words, and buttons that change it."""
    now_ms = ctx.now_ms()
    found = await ctx.store.read(
        schedules.schedule_of, chat_id, pacing=pacing_policy(ctx.settings), now_ms=now_ms
    )
    present = set(found.rules.lines())
    rows: list[Row] = [[_button(chat_id, rule, holds=rule in present) for rule in row] for row in _CHOICES]
    if present:
        rows.append([button(_("No rules at all"), f"sch:{chat_id}:off")])
    return Panel(f"{schedule_text(found, now_ms=now_ms)}\n\n{_(HELP)}", rows)


def router(ctx: Context) -> Router:
    """Return the router of the panel's buttons."""
    routes = Router(name="schedule_panel")

    @routes.callback_query(pressed(r"sch:-?\d{1,18}:(\d{1,2}|off)"))
    async def choose(press: CallbackQuery) -> None:
        _sch, chat, what = (press.data or "").split(":")
        await require(ctx, press.from_user, int(chat), "editor")
        rule = what if what == "off" else dict(enumerate(_RULES)).get(int(what), "")
        await ctx.store.write(schedules.change, int(chat), lambda before: _pressed(rule, before))
        ctx.bells.publisher.ring()
        await turn(press, await schedule_panel(ctx, int(chat)))
        await press.answer(rule)

    return routes


def _pressed(rule: str, before: PostingRules) -> PostingRules:
    """Return the rules after a press: with this one, or without it where it held."""
    if not rule:
        return before
    ends = f"{rule.partition(' ')[0]} off"
    return parse_rules(ends if rule in before.lines() else rule, before)


def _button(chat_id: int, rule: str, *, holds: bool) -> InlineKeyboardButton:
    return button(f"✓ {rule}" if holds else rule, f"sch:{chat_id}:{_RULES.index(rule)}")


def schedule_text(found: ChatSchedule, *, now_ms: int) -> str:
    """Return a schedule in words, with what it means for a link that comes now."""
    rules = found.rules.lines() or [_("No rules: posts go out as they come.")]
    clock = (
        _("It is {moment} in {zone}.")
        if found.chosen
        else _("It is {moment} in {zone}, the clock of the bot (/tz sets another).")
    ).format(moment=moment_text(now_ms, found.zone, now_ms=now_ms), zone=found.zone)
    when = next_text(found.next.until_ms, found.zone, now_ms=now_ms)
    if found.next.until_ms is None or found.next.until_ms > now_ms:
        when += f" ({say(found.next.why)})"
    return "\n".join([*rules, "", clock, _("A link that came now would go out: {when}.").format(when=when)])
