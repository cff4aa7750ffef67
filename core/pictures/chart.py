"""A picture of how a bot is doing: bars for each day, and where posts come from. PNG, light or dark."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1000, 1080
_MARGIN, _HEAD, _BARS, _GAP = 50, 34, 150, 60
_SOURCES, _LINE = 8, 28
_FONT_PX, _SMALL_PX = 22, 17
_NAME_WIDTH = 300

_COLOURS = {
    "light": {"back": "#ffffff", "words": "#1c1c1e", "faint": "#8e8e93", "line": "#e5e5ea"},
    "dark": {"back": "#17212b", "words": "#f5f5f5", "faint": "#8b98a5", "line": "#2b3a48"},
}
_BAR_COLOURS = ("#3390ec", "#e6a23c", "#4fae4e", "#8e6ad8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn.

    Attributes:
        days: names of the days, the oldest first.
        posts: how many there were on each.
        repeats: how many repeats were caught on each.
        delays_s: half of the posts of each day came within so many seconds; 0 where there were none.
        sources: hosts of sources and how many of the latest posts each brought, the most first.
    """

    days: Sequence[str]
    posts: Sequence[int]
    repeats: Sequence[int]
    delays_s: Sequence[int]
    sources: Sequence[tuple[str, int]]


def pack(chart: Chart, theme: str) -> bytes:
    """Return a chart as `draw_packed` reads it."""
    return json.dumps({"theme": theme, **asdict(chart)}).encode()


def draw_packed(body: bytes) -> bytes:
    """Draw what `pack` gave."""
    values = json.loads(body)
    theme = str(values.pop("theme"))
    return draw(Chart(**values), theme=theme)


def draw(chart: Chart, *, theme: str) -> bytes:
    """Return a PNG. Its words are ASCII alone, which is all that the font of the library has."""
    colours = _COLOURS[theme]
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours["back"])
    pen = ImageDraw.Draw(picture)
    parts = (("Posts a day", chart.posts), ("Repeats caught a day", chart.repeats))
    top = _MARGIN
    for colour, (title, values) in zip(_BAR_COLOURS, parts, strict=False):
        _bars(pen, top, title, values, chart.days, colours, colour)
        top += _HEAD + _BARS + _GAP
    delays = "Seconds from seen to posted (median of a day)"
    _bars(pen, top, delays, chart.delays_s, chart.days, colours, _BAR_COLOURS[2])
    _sources(pen, top + _HEAD + _BARS + _GAP, chart.sources, colours)
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _bars(
    pen: ImageDraw.ImageDraw,
    top: int,
    title: str,
    values: Sequence[int],
    days: Sequence[str],
    colours: dict[str, str],
    colour: str,
) -> None:
    pen.text((_MARGIN, top), f"{title}: at most {max(values, default=0)}", colours["words"], _font(_FONT_PX))
    foot = top + _HEAD + _BARS
    pen.line((_MARGIN, foot, WIDTH - _MARGIN, foot), colours["line"], 2)
    wide = (WIDTH - 2 * _MARGIN) / max(1, len(values))
    highest = max(1, *values, 1)
    for place, (value, day) in enumerate(zip(values, days, strict=True)):
        left = _MARGIN + place * wide
        tall = round(value / highest * (_BARS - 6))
        if value:
            pen.rectangle((left + 4, foot - max(2, tall), left + wide - 4, foot - 1), colour)
        pen.text((left + wide / 2, foot + 6), _ascii(day), colours["faint"], _font(_SMALL_PX), anchor="ma")


def _sources(
    pen: ImageDraw.ImageDraw, top: int, sources: Sequence[tuple[str, int]], colours: dict[str, str]
) -> None:
    pen.text((_MARGIN, top), "Where the latest posts came from", colours["words"], _font(_FONT_PX))
    highest = max((count for _, count in sources), default=1)
    room = WIDTH - 2 * _MARGIN - _NAME_WIDTH - 80
    for place, (host, count) in enumerate(sources[:_SOURCES]):
        y = top + _HEAD + place * _LINE
        pen.text((_MARGIN, y), _ascii(host)[:30], colours["words"], _font(_SMALL_PX))
        left = _MARGIN + _NAME_WIDTH
        right = left + max(2, round(count / max(1, highest) * room))
        pen.rectangle((left, y + 2, right, y + _LINE - 8), _BAR_COLOURS[3])
        pen.text((right + 8, y), str(count), colours["faint"], _font(_SMALL_PX))


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)
