"""The built-in looks of posts as buttons: each is shown before it holds."""

from aiogram import Bot, Router
from aiogram.types import CallbackQuery

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import pressed
from actors.telegram.panels import Panel, button
from actors.telegram.places import place_of
from actors.telegram.proposing import propose
from core.languages import gettext as _
from core.languages import marked
from core.protocol import Place
from core.template_words import help_text
from core.templates.defaults import DEFAULTS
from store import templates

_BY_ITS_LINK = "default"
_NAMES = {
    _BY_ITS_LINK: marked("By what the link is"),
    "news": marked("News"),
    "release": marked("Release"),
    "video": marked("Video"),
    "product": marked("Product"),
}
_WHOLE = 0
"""Stands for the whole chat, where others have the number of a source."""
_IN_A_ROW = 2


def looks_panel(chat_id: int, number: int | None, kept: str | None) -> Panel:
    """Return how posts are given a look, with a button for each that there is.

    Args:
        chat_id: the chat whose posts are meant.
        number: of its source, where only its posts are.
        kept: the template that holds; None for the default.
    """
    held = {None: _BY_ITS_LINK} | {template: name for name, template in DEFAULTS.items()}
    buttons = [
        button(
            ("✓ " if held.get(kept) == name else "") + _(words), f"look:{chat_id}:{number or _WHOLE}:{name}"
        )
        for name, words in _NAMES.items()
    ]
    rows = [buttons[:1]]
    rows += [buttons[start : start + _IN_A_ROW] for start in range(1, len(buttons), _IN_A_ROW)]
    told = help_text() if kept is None else _("/template default goes back to the default.")
    return Panel(told + "\n\n" + _("Or choose a look: I show it to you before it holds."), rows)


def router(ctx: Context) -> Router:
    """Return the router of these buttons."""
    routes = Router(name="looks")

    @routes.callback_query(pressed(rf"look:-?\d{{1,18}}:\d{{1,9}}:({'|'.join(_NAMES)})"))
    async def show(press: CallbackQuery, bot: Bot) -> None:
        _look, chat, source, name = (press.data or "").split(":")
        chat_id, number = int(chat), int(source) or None
        await require(ctx, press.from_user, chat_id, "editor")
        await ctx.store.read(templates.template_of, chat_id=chat_id, number=number)  # is it there?
        template = DEFAULTS.get(name)
        here = Place(chat_id=press.from_user.id) if press.message is None else place_of(press.message)
        await propose(ctx, bot, here, chat_id=chat_id, number=number, template=template)
        await press.answer()

    return routes
