"""The picture of /stats: drawn by the worker, kept for some minutes, light or dark."""

from dataclasses import dataclass, field

from aiogram import Router
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from actors.context import Context
from actors.reader.reading import Reader
from actors.telegram.matching import pressed
from core.entries import Document
from core.errors import TransientError, UnreadableDocument, UserError
from core.languages import gettext as _
from core.languages import marked, spoken
from core.pictures.chart import pack
from store.charts import chart_of

_KEPT_MS = 600_000
_OTHER = {"light": "dark", "dark": "light"}
_NAMES = {"light": marked("Light"), "dark": marked("Dark")}


_CAPTION = marked(
    "From top to bottom, of the last two weeks: posts a day, repeats caught a day, seconds from seen to "
    "posted (median of a day), and where the latest posts came from."
)


@dataclass(slots=True)
class _Kept:
    """Pictures that were drawn, by theme and language, with their moment (epoch milliseconds)."""

    drawn: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict)


def picture_keyboard() -> InlineKeyboardMarkup:
    """Return the button under /stats."""
    return _keyboard(_("Picture"), "light")


def router(ctx: Context, reader: Reader) -> Router:
    """Return the router of pictures: they tell of all chats, so they are for owners of the bot."""
    routes = Router(name="stats_picture")
    kept = _Kept()

    @routes.callback_query(pressed(r"stats:(light|dark)"))
    async def picture(press: CallbackQuery, owner: bool) -> None:
        if not owner:
            raise UserError("Only an owner of the bot may see that.")
        theme = (press.data or "").partition(":")[2]
        await press.answer()
        body = await _drawn(ctx, reader, kept, theme)
        if isinstance(press.message, Message):
            other = _OTHER[theme]
            photo = BufferedInputFile(body, filename="stats.png")
            await press.message.answer_photo(
                photo, caption=_(_CAPTION), reply_markup=_keyboard(_(_NAMES[other]), other)
            )

    return routes


async def _drawn(ctx: Context, reader: Reader, kept: _Kept, theme: str) -> bytes:
    """Return the picture in a theme, of ten minutes ago at most.

    Raises:
        TransientError: it cannot be drawn now.
    """
    now_ms, which = ctx.now_ms(), (theme, spoken())
    made_ms, body = kept.drawn.get(which, (0, b""))
    if not body or not 0 <= now_ms - made_ms < _KEPT_MS:
        chart = await ctx.store.read(chart_of, now_ms=now_ms)
        try:
            body = await reader.chart(Document(body=pack(chart, theme), url=""))
        except UnreadableDocument:
            raise TransientError(marked("the picture cannot be drawn")) from None
        kept.drawn[which] = (now_ms, body)
    return body


def _keyboard(text: str, theme: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=f"stats:{theme}")]]
    )
