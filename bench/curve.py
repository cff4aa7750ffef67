"""Figures over the number of sources as a picture: small plots, readable on light and dark pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _GAP = 400, 190, 20
_LEFT, _TOP, _BOTTOM, _RIGHT = 24, 48, 30, 44
_COLUMNS = 2
_ROOM = 1.15
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .note { fill: #59636e; font-size: 12px }
.curve { fill: none; stroke: #2da44e; stroke-width: 2 } .point { fill: #2da44e }
.axis { stroke: #59636e } .limit { stroke: #cf222e; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .note { fill: #9198a1 } .curve { stroke: #3fb950 } .point { fill: #3fb950 }
.axis { stroke: #9198a1 } .limit { stroke: #f85149 } }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One figure, with a value for each number of sources; its axis begins at 0."""

    title: str
    values: Sequence[float]
    unit: str
    limit: float | None = None
    """Is drawn as a line if it is given."""


def curves_of(sources: Sequence[int], plots: Sequence[Plot], *, title: str) -> str:
    """Draw the plots in two columns; the numbers of sources stand apart evenly, as tenfold ones should."""
    rows = -(-len(plots) // _COLUMNS)
    width = _COLUMNS * (_WIDTH + _GAP) - _GAP
    height = rows * (_HEIGHT + _GAP) - _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
    ]
    for number, plot in enumerate(plots):
        row, column = divmod(number, _COLUMNS)
        x, y = column * (_WIDTH + _GAP), row * (_HEIGHT + _GAP)
        parts += [f'<g transform="translate({x} {y})">', *_plot(sources, plot), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _plot(sources: Sequence[int], plot: Plot) -> list[str]:
    top = max([*plot.values, plot.limit or 0.0]) * _ROOM or 1.0
    points = [(_x(number, len(sources)), _y(value / top)) for number, value in enumerate(plot.values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [
        f'<text x="{_LEFT}" y="18">{escape(plot.title)}</text>',
        f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT / 2}" y1="{_y(0):.1f}" y2="{_y(0):.1f}"/>',
        f'<polyline class="curve" points="{line}"/>',
    ]
    if plot.limit is not None:
        y = _y(plot.limit / top)
        parts.append(
            f'<line class="limit" x1="{_LEFT}" x2="{_WIDTH - _RIGHT / 2}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(
            f'<text class="note" x="{_LEFT}" y="{y - 5:.1f}">limit {plot.limit:g} {plot.unit}</text>'
        )
    for (x, y), value, count in zip(points, plot.values, sources, strict=True):
        parts += [
            f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>',
            f'<text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle">{_short(value)} {plot.unit}</text>',
            f'<text class="note" x="{x:.1f}" y="{_HEIGHT - 10}" text-anchor="middle">{count:,}</text>',
        ]
    return parts


def _x(number: int, count: int) -> float:
    return _LEFT + 30 + number * (_WIDTH - _LEFT - _RIGHT - 30) / max(1, count - 1)


def _y(part: float) -> float:
    return _HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
