"""Tables as text in columns, for small ones that hold nothing but words and numbers."""

import unicodedata
from collections.abc import Sequence

_EMPTY = "·"
_WIDEST_CELL = 36
_WIDEST = 60
_MOST_COLUMNS = 8
_MOST_ROWS = 40


def aligned(rows: Sequence[Sequence[str]]) -> str | None:
    """Return rows of cells as lines of one width, or None where that would not be readable."""
    rows = [row for row in rows if any(row)]
    rows = [[row[0] or _EMPTY, *row[1:]] for row in rows]  # for blanks at the start of a text are lost
    columns = max(map(len, rows), default=0)
    if not (1 < len(rows) <= _MOST_ROWS and 1 < columns <= _MOST_COLUMNS):
        return None
    if any("\n" in cell for row in rows for cell in row):
        return None
    widths = [max(width(row[at]) for row in rows if at < len(row)) for at in range(columns)]
    if max(widths) > _WIDEST_CELL or sum(widths) + 2 * (columns - 1) > _WIDEST:
        return None
    return "\n".join(_line(row, widths) for row in rows)


def width(text: str) -> int:
    """Return how many columns a text takes in a fixed font."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=False))
    return "  ".join(cells).rstrip()
