"""Reads tables: their text stands row by row, until their end shows whether it can stand in columns."""

from dataclasses import dataclass, field

from core.rendering.builder import Builder
from core.rendering.tables import aligned

_MOST_CELLS = 16
_NO_COLUMNS = frozenset(("text_link", "pre", "blockquote"))


@dataclass(slots=True)
class _Table:
    """The outermost table that is open: where it began, and where the text of its cells stands."""

    part: int
    length: int
    span: int
    rows: list[list[tuple[int, int]]] = field(default_factory=list)
    cell: int | None = None
    depth: int = 1
    plain: bool = False
    """It cannot be shown in columns."""


class TableReader:
    """The table that is open, if one is."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._table: _Table | None = None

    def table(self) -> None:
        """Begin a table; one in another makes both plain."""
        if self._table is not None:
            self._table.depth += 1
            self._table.plain = True
            return
        self._builder.split()
        self._table = _Table(len(self._builder.parts), self._builder.length, len(self._builder.spans))
        self._table.plain = self._builder.verbatim

    def row(self) -> None:
        """Begin a row."""
        if self._table is not None:
            self._end_cell(self._table)
            self._table.rows.append([])
        self._builder.close("th")

    def cell(self) -> None:
        """Begin a cell."""
        self._builder.close("th")
        if self._table is None:
            self._builder.glue(" ")
            return
        self._end_cell(self._table)
        if not self._table.rows:
            self._table.rows.append([])
        row = self._table.rows[-1]
        if any(start < end for start, end in row[-_MOST_CELLS:]):
            self._builder.glue(" | ")
        self._table.cell = self._builder.length

    def heading_cell(self) -> None:
        """Begin a cell that is a heading."""
        self.cell()
        self._builder.open("th", "bold")

    def end_heading_cell(self) -> None:
        """End a heading."""
        self._builder.close("th")
        self.end_cell()

    def end_cell(self) -> None:
        """End a cell."""
        if self._table is not None:
            self._end_cell(self._table)

    def _end_cell(self, table: _Table) -> None:
        if table.cell is not None:
            table.rows[-1].append((table.cell, self._builder.length))
            table.cell = None

    def end_table(self) -> None:
        """End a table: where that is readable, its text becomes columns."""
        table, builder = self._table, self._builder
        builder.close("th")
        if table is None:
            return
        table.depth -= 1
        if table.depth:
            return
        self._end_cell(table)
        self._table = None
        builder.split()
        if table.plain or any(span.kind in _NO_COLUMNS for span in builder.spans[table.span :]):
            return
        text = "".join(builder.parts[table.part :])
        rows = [
            [text[start - table.length : end - table.length].strip(" |\n") for start, end in row]
            for row in table.rows
        ]
        if (columns := aligned(rows)) is not None:
            builder.take_back(table.part, table.length, table.span)
            builder.block(2)
            builder.open("pre", "pre")
            builder.text(columns)
            builder.close("pre")
