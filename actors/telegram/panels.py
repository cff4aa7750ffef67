"""Panels: a message with buttons that is edited in place, page by page, and always has a way back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
)

from core.languages import gettext as _
from core.text import cut

LONGEST = 4_000
_BUTTON_LIMIT = 60
_Item = TypeVar("_Item")
Row = list[InlineKeyboardButton]


@dataclass(frozen=True, slots=True)
class Panel:
    """What a message says, its rows of buttons, and what is formatted in it."""

    text: str
    rows: list[Row]
    entities: list[MessageEntity] | None = None

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """Its buttons as the Bot API takes them; None without any."""
        return InlineKeyboardMarkup(inline_keyboard=self.rows) if self.rows else None


@dataclass(frozen=True, slots=True)
class Part(Generic[_Item]):
    """The items of one page, which is `number` of `count`, counted from 0."""

    items: Sequence[_Item]
    number: int
    count: int

    def turning(self, data: Callable[[int], str]) -> list[Row]:
        """Return the row of buttons that leads to its neighbours; none if it is the only page."""
        if self.count == 1:
            return []
        before, after = (self.number - 1) % self.count, (self.number + 1) % self.count
        middle = _("{number} of {count}").format(number=self.number + 1, count=self.count)
        return [
            [button("←", data(before)), button(middle, data(self.number)), button("→", data(after))],
        ]


def part_of(items: Sequence[_Item], number: int, *, size: int) -> Part[_Item]:
    """Return a page of a list, the last one where there are not so many any more."""
    count = max(1, -(-len(items) // size))
    number = min(number, count - 1)
    return Part(items[number * size : (number + 1) * size], number, count)


def button(text: str, data: str) -> InlineKeyboardButton:
    """Return a button.

    Its data are at most 64 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton).
    """
    return InlineKeyboardButton(text=cut(text, _BUTTON_LIMIT), callback_data=data)


async def turn(press: CallbackQuery, panel: Panel) -> None:
    """Show another panel in the message whose button was pressed; one that says the same stays."""
    if not isinstance(press.message, Message):
        return
    try:
        await press.message.edit_text(
            cut(panel.text, LONGEST),
            entities=panel.entities,
            reply_markup=panel.keyboard,
            parse_mode=None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    except TelegramBadRequest as error:
        if "not modified" not in error.message:
            raise
