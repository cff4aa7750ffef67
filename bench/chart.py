"""The table as a picture: how far each line is from its limit, readable on light and dark pages."""

from collections.abc import Sequence
from html import escape

from bench.results import TARGETS, Line

_WIDTH, _ROW, _TOP, _LEFT, _RIGHT = 860, 26, 44, 360, 150
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.note { fill: #59636e } .bar { fill: #2da44e } .limit { fill: #bf8700 } .missed { fill: #cf222e }
.line { stroke: #59636e; stroke-dasharray: 4 3 } .aim { stroke: #1f2328; stroke-width: 2 }
.spread { stroke: #59636e }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .note { fill: #9198a1 } .bar { fill: #3fb950 } .limit { fill: #d29922 }
.missed { fill: #f85149 } .line, .spread { stroke: #9198a1 } .aim { stroke: #e6edf3 } }
"""
_CLASSES = {"aim reached": "bar", "limit reached": "limit", "not reached": "missed"}
_MOST = 1.6
"""Where a bar is cut off, in limits."""


def chart_of(lines: Sequence[Line]) -> str:
    """Draw a bar for each line: 1 is its limit, shorter is better, the mark is its aim."""
    height = _TOP + _ROW * len(lines) + 12
    limit_x = _x(1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>Each result as a part of its limit</title><style>{_STYLE}</style>",
        f'<text x="{limit_x:.0f}" y="20" text-anchor="middle">limit</text>',
        '<text x="8" y="20" class="note">shorter is better; the mark is the aim</text>',
        *(_bar(line, _TOP + _ROW * number) for number, line in enumerate(lines)),
        f'<line class="line" x1="{limit_x:.0f}" x2="{limit_x:.0f}" y1="28" y2="{height - 8}"/>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def part_of_limit(value: float, line: Line) -> float:
    """Return how much of its limit a value takes up: 1 and less is within it."""
    target = TARGETS[line.name]
    return target.limit / value if target.at_least else value / target.limit


def _bar(line: Line, y: int) -> str:
    target = TARGETS[line.name]
    end = _x(part_of_limit(line.middle, line))
    aim = _x(part_of_limit(target.aim, line))
    low, high = sorted((_x(part_of_limit(line.low, line)), _x(part_of_limit(line.high, line))))
    value = f"{line.middle:.3g}{f' {target.unit}' if target.unit else ''}"
    title = escape(f"{line.name}  {target.title}")
    width = end - _LEFT
    return (
        f'<text x="8" y="{y + 14}">{title}</text>'
        f'<rect class="{_CLASSES[line.verdict]}" x="{_LEFT}" y="{y + 3}"'
        f' height="14" width="{width:.1f}"/>'
        f'<line class="spread" x1="{low:.1f}" x2="{high:.1f}" y1="{y + 10}" y2="{y + 10}"/>'
        f'<line class="aim" x1="{aim:.1f}" x2="{aim:.1f}" y1="{y}" y2="{y + 20}"/>'
        f'<text x="{_WIDTH - _RIGHT + 20}" y="{y + 14}">{value}</text>'
    )


def _x(part: float) -> float:
    return _LEFT + min(part, _MOST) / _MOST * (_WIDTH - _LEFT - _RIGHT)
