"""A value of a template that has formatting: it is put in as it is, and looks like a string to filters."""

from typing import TYPE_CHECKING, Self

from core.rendering.cutting import cut_rich
from core.rendering.rich import Rich

OPENS, CLOSES = "\ue000", "\ue001"
"""Around the number of a formatted value in the output of a template; no other text holds them."""


class Formatted(str):
    """The plain text of something formatted, which knows its formatting.

    A template that prints it prints a mark instead, with the number under which it was collected.
    """

    __slots__ = ("collected", "rich")

    if TYPE_CHECKING:
        rich: Rich
        collected: list[Rich]

    def __new__(cls, rich: Rich, collected: list[Rich]) -> Self:
        """Make the value; what a template prints of it is added to `collected`."""
        made = super().__new__(cls, rich.text)
        made.rich, made.collected = rich, collected
        return made

    def cut(self, limit: int) -> "Formatted":
        """Return it shortened to so many UTF-16 units, links and formatting kept."""
        return Formatted(cut_rich(self.rich, limit), self.collected)

    def __html__(self) -> str:
        """Return what stands for it in the output of a template."""
        self.collected.append(self.rich)
        return f"{OPENS}{len(self.collected) - 1}{CLOSES}"
