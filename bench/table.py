"""The table of all results, as text and as Markdown, and its place in a document. Pure."""

from collections.abc import Sequence

from bench.results import TARGETS, Line, Target, Unit

BEGIN = "<!-- results: begin -->"
END = "<!-- results: end -->"
_HEADINGS = (
    "",
    "what / against what",
    "ours",
    "reference",
    "median (spread)",
    "target (aim)",
    "verdict",
    "load",
)


def cells_of(line: Line) -> tuple[str, ...]:
    """Put a line into words, one for each heading."""
    target = TARGETS[line.name]
    verdict = f"{line.verdict}, noisy" if line.noisy else line.verdict
    return (
        line.name,
        target.title,
        _amount(line.ours, line.unit),
        "" if line.reference is None else _amount(line.reference, line.unit),
        f"{_short(line.middle)} ({_short(line.low)} to {_short(line.high)})",
        told(target),
        verdict,
        f"{line.load:.1f}",
    )


def told(target: Target) -> str:
    """Put a target into words."""
    sign, unit = (">=" if target.at_least else "<="), f" {target.unit}" if target.unit else ""
    return f"{sign} {target.limit:g} ({target.aim:g}){unit}"


def text_table(lines: Sequence[Line]) -> str:
    """Write the table in columns."""
    rows = [_HEADINGS, *(cells_of(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def markdown_table(lines: Sequence[Line]) -> str:
    """Write the table in Markdown, with the notes below it."""
    rows = [_HEADINGS, ("---",) * len(_HEADINGS), *(cells_of(line) for line in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    notes = "\n".join(f"- {line.name}: {line.note}" for line in lines if line.note)
    return f"{table}\n\n{notes}" if notes else table


def put_between(document: str, text: str, begin: str = BEGIN, end: str = END) -> str:
    """Return the document with the text between its two markers.

    Raises:
        ValueError: it lacks a marker.
    """
    head, first, rest = document.partition(begin)
    _, last, tail = rest.partition(end)
    if not first or not last:
        raise ValueError(f"no {begin} with a later {end}")
    return f"{head}{begin}\n{text}\n{end}{tail}"


def _amount(value: float, unit: Unit) -> str:
    return f"{_short(value)} {unit}"


def _short(value: float) -> str:
    """Write a number so that three digits of it can be read."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"
