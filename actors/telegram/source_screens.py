"""What a chat watches as a panel: a line and a button for each source, page by page.

The buttons of the list lead where its command wants to: to the card of a source, or to one thing done to it.
"""

import json
from typing import Literal

from actors.context import Context
from actors.telegram.panels import LONGEST, Panel, Row, button, part_of
from core.languages import gettext as _
from core.languages.formats import duration_text
from core.text import cut, one_line
from core.urls.normalize import without_secrets
from core.words import say, say_alike
from store import reads
from store.reads import Watched

Goal = Literal["card", "pause", "resume", "set", "test", "ask"]
"""What a press on a source does; `ask` is whether it shall be removed."""

Shown = Literal["all", "errors", "paused", "going"]
"""Which sources are listed."""

GOALS: tuple[Goal, ...] = ("card", "pause", "resume", "set", "test", "ask")
SHOWN: tuple[Shown, ...] = ("all", "errors", "paused", "going")
_MARKS = {"pause": "⏸ ", "resume": "▶️ ", "ask": "✖️ "}
_PAGE = 12
_PER_ROW = 4
_TITLE_LIMIT = 80


async def sources_panel(
    ctx: Context,
    chat_id: int,
    *,
    goal: Goal = "card",
    shown: Shown = "all",
    number: int = 0,
    frank: bool = False,
    head: str = "",
) -> Panel:
    """Return a page of what a chat watches; `head` stands above it.

    Only where it is `frank` it tells what keeps an address from being reached: a group may be full of
    strangers.
    """
    rows = [row for row in await ctx.store.read(reads.watched, chat_id=chat_id) if _is_shown(row, shown)]
    part = part_of(rows, number, size=_PAGE)
    lines = [line_of(row, now_ms=ctx.now_ms(), frank=frank) for row in part.items] or [_nothing(shown)]
    buttons = [
        button(f"{_MARKS.get(goal, '')}{row.number}", f"src:{goal}:{chat_id}:{row.number}:{part.number}")
        for row in part.items
    ]
    keyboard: list[Row] = [buttons[at : at + _PER_ROW] for at in range(0, len(buttons), _PER_ROW)]
    keyboard += part.turning(f"src:list:{chat_id}:{goal}:{shown}:{{}}".format)
    text = "\n".join([*([head, ""] if head else []), *lines])
    return Panel(cut(text, LONGEST), keyboard)


def line_of(row: Watched, *, now_ms: int, frank: bool = False) -> str:
    """Return one line about a subscription."""
    title = cut(one_line(row.title) or without_secrets(row.url), _TITLE_LIMIT)
    if row.paused:
        wait_s = None if row.resumes_ms is None else (row.resumes_ms - now_ms) / 1000
        if wait_s is None:
            return _("{number}. ⏸ {title}: pauses until /resume").format(number=row.number, title=title)
        return _("{number}. ⏸ {title}: pauses for another {duration}").format(
            number=row.number, title=title, duration=duration_text(wait_s)
        )
    if row.error is not None:
        reason = (say if frank else say_alike)(row.error, *json.loads(row.error_args))
        return _("{number}. ⚠️ {title}: {reason} ({errors} times in a row)").format(
            number=row.number, title=title, reason=reason, errors=row.errors
        )
    wait = duration_text((row.next_check_ms - now_ms) / 1000)
    return _("{number}. {title} · next check in {wait}").format(number=row.number, title=title, wait=wait)


def _is_shown(row: Watched, shown: Shown) -> bool:
    match shown:
        case "errors":
            return bool(row.errors)
        case "paused":
            return row.paused
        case "going":
            return not row.paused
        case _:
            return True


def _nothing(shown: Shown) -> str:
    match shown:
        case "errors":
            return _("Every source here can be read.")
        case "paused":
            return _("Nothing here pauses.")
        case _:
            return _("Nothing is watched here yet. /add https://example.com/feed.xml starts it.")
