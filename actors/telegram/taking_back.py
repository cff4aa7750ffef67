"""What was removed, as a message with a button that takes it back."""

from collections.abc import Sequence

from aiogram import Router
from aiogram.types import CallbackQuery

from actors.context import Context
from actors.telegram.access import require
from actors.telegram.matching import pressed
from actors.telegram.panels import Panel, Row, button, turn
from core.errors import UserError
from core.languages import gettext as _
from core.page_policy import PagePolicy
from core.text import cut, one_line
from core.urls.normalize import without_secrets
from store import removing
from store.removing import Removal, Removed

_MOST_SHOWN = 30
_TITLE_LIMIT = 80


def removed_panel(removal: Removal, *, back: Sequence[Row] = ()) -> Panel:
    """Return what was removed, with the button that takes it back, and rows that lead elsewhere."""
    text = "\n".join([_("Removed:"), *_lines(removal.sources)])
    undo = button(_("Undo (for ten minutes)"), f"undo:{removal.removal_id}")
    return Panel(text, [[undo], *back])


def _lines(removed: Sequence[Removed]) -> list[str]:
    lines = [
        _("No. {number} {title}").format(number=each.number, title=_title(each))
        for each in removed[:_MOST_SHOWN]
    ]
    more = len(removed) - _MOST_SHOWN
    return lines + ([_("… and {more} more").format(more=more)] if more > 0 else [])


def _title(each: Removed) -> str:
    return cut(one_line(each.title) or without_secrets(each.url), _TITLE_LIMIT)


def router(ctx: Context) -> Router:
    """Return the router of this button."""
    routes = Router(name="taking_back")

    @routes.callback_query(pressed(r"undo:\d{1,18}"))
    async def take_back(press: CallbackQuery) -> None:
        removal_id = int((press.data or "").partition(":")[2])
        chat_id = await ctx.store.read(removing.chat_of, removal_id)
        if chat_id is None:
            raise _too_late()
        await require(ctx, press.from_user, chat_id, "editor")
        back = await ctx.store.write(
            removing.take_back,
            removal_id,
            owners=ctx.settings.owner_ids,
            pages=PagePolicy(fetch=ctx.settings.fetch_pages),
            now_ms=ctx.now_ms(),
        )
        if back is None:
            raise _too_late()
        ctx.bells.poller.ring()
        ctx.bells.fetcher.ring()
        ctx.bells.publisher.ring()
        head = (
            _("Watched again, with all that was set:") if back else _("All of it is watched again already.")
        )
        to_list = button(_("Back"), f"src:list:{chat_id}:card:all:0")
        await turn(press, Panel("\n".join([head, *_lines(back)]), [[to_list]]))
        await press.answer()

    return routes


def _too_late() -> UserError:
    return UserError(
        "It cannot be taken back any more: that was done, or ten minutes have passed. /add watches it anew."
    )
