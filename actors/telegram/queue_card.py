"""The queue of a chat as a message: a line and a row of buttons for each link that waits."""

from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from actors.claims import pacing_policy
from actors.context import Context
from core.languages import gettext as _
from core.languages import marked
from core.posting.shown import next_text
from core.text import cut, one_line
from core.urls.normalize import without_secrets
from core.words import say
from store.outbox.waiting import Queue, Waiting, queue_of

_SHOWN = 8
_TITLE_LIMIT = 100
_BUTTONS = {
    "q:now": marked("Now"),
    "q:up": "↑",
    "q:down": "↓",
    "edit": marked("Edit"),
    "time": marked("Time"),
    "q:drop": marked("Drop"),
}
"""What each does (`store.outbox.moving`, `actors.telegram.editing`), and what stands on it."""


@dataclass(frozen=True, slots=True)
class QueueCard:
    """Text and buttons of a queue."""

    text: str
    keyboard: InlineKeyboardMarkup | None


async def queue_card(ctx: Context, chat_id: int) -> QueueCard:
    """Read what waits for a chat now."""
    now_ms = ctx.now_ms()
    found = await ctx.store.read(
        queue_of, chat_id, limit=_SHOWN, pacing=pacing_policy(ctx.settings), now_ms=now_ms
    )
    rows = [_buttons(number, each) for number, each in enumerate(found.rows, start=1)]
    return QueueCard(
        queue_text(found, now_ms=now_ms), InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    )


def queue_text(found: Queue, *, now_ms: int) -> str:
    """Return what waits, one link a line, with when and why."""
    lines = [_("Nothing is waiting.")]
    if found.total:
        lines = [_next(found, now_ms)]
    for number, each in enumerate(found.rows, start=1):
        when = next_text(each.next_ms, found.zone, now_ms=now_ms)
        title = cut(one_line(each.title) or without_secrets(each.url), _TITLE_LIMIT)
        why = "" if each.why == "now" else f" ({say(each.why)})"
        lines.append(f"{number}. {when} · {title}{why}")
    if found.total > len(found.rows):
        lines.append(_("… and {total} more").format(total=found.total - len(found.rows)))
    lines += [
        _("Held: {count}, {reason}").format(count=count, reason=say(reason))
        for reason, count in found.held.items()
    ]
    return "\n".join(lines)


def _next(found: Queue, now_ms: int) -> str:
    next_ms = found.rows[0].next_ms if found.rows else None
    if next_ms is None:
        said = _("{total} waiting, next later, by the clock of {zone}")
    elif next_ms <= now_ms:
        said = _("{total} waiting, next now, by the clock of {zone}")
    else:
        said = _("{total} waiting, next at {when}, by the clock of {zone}")
    when = next_text(next_ms, found.zone, now_ms=now_ms)
    return said.format(total=found.total, when=when, zone=found.zone)


def _buttons(number: int, each: Waiting) -> list[InlineKeyboardButton]:
    return [
        InlineKeyboardButton(
            text=_(label) if place else f"{number}. {_(label)}", callback_data=f"{action}:{each.queue_id}"
        )
        for place, (action, label) in enumerate(_BUTTONS.items())
    ]
