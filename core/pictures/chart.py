"""A picture of how a bot is doing: bars for each day, and where posts come from. PNG, light or dark."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from core.languages import gettext as _

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


def titles(chart: Chart) -> tuple[str, str, str, str]:
    """Return the words of a chart in the language of whoever asks: the process that draws knows none."""
    return (
        _("Posts a day: at most {count}").format(count=max(chart.posts, default=0)),
        _("Repeats caught a day: at most {count}").format(count=max(chart.repeats, default=0)),
        _("Seconds from seen to posted (median of a day): at most {count}").format(
            count=max(chart.delays_s, default=0)
        ),
        _("Where the latest posts came from"),
    )


def pack(chart: Chart, theme: str) -> bytes:
    """Return a chart, with its words, as `draw_packed` reads it."""
    return json.dumps({"theme": theme, "titles": titles(chart), "chart": asdict(chart)}).encode()


def draw_packed(body: bytes) -> bytes:
    """Draw what `pack` gave."""
    values = json.loads(body)
    return draw(Chart(**values["chart"]), values["titles"], theme=values["theme"])


def draw(chart: Chart, words: Sequence[str], *, theme: str) -> bytes:
    """Return a PNG of a chart under its titles."""
    colours = _COLOURS[theme]
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours["back"])
    pen = ImageDraw.Draw(picture)
    *over_bars, over_sources = words
    top = _MARGIN
    parts = (chart.posts, chart.repeats, chart.delays_s)
    for colour, title, values in zip(_BAR_COLOURS, over_bars, parts, strict=False):
        _bars(pen, top, title, values, chart.days, colours, colour)
        top += _HEAD + _BARS + _GAP
    _sources(pen, top, over_sources, chart.sources, colours)
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
    pen.text((_MARGIN, top), title, colours["words"], _font(_FONT_PX))
    foot = top + _HEAD + _BARS
    pen.line((_MARGIN, foot, WIDTH - _MARGIN, foot), colours["line"], 2)
    wide = (WIDTH - 2 * _MARGIN) / max(1, len(values))
    highest = max(1, *values, 1)
    for place, (value, day) in enumerate(zip(values, days, strict=True)):
        left = _MARGIN + place * wide
        tall = round(value / highest * (_BARS - 6))
        if value:
            pen.rectangle((left + 4, foot - max(2, tall), left + wide - 4, foot - 1), colour)
        pen.text((left + wide / 2, foot + 6), day, colours["faint"], _font(_SMALL_PX), anchor="ma")


def _sources(
    pen: ImageDraw.ImageDraw,
    top: int,
    title: str,
    sources: Sequence[tuple[str, int]],
    colours: dict[str, str],
) -> None:
    pen.text((_MARGIN, top), title, colours["words"], _font(_FONT_PX))
    highest = max((count for _, count in sources), default=1)
    room = WIDTH - 2 * _MARGIN - _NAME_WIDTH - 80
    for place, (host, count) in enumerate(sources[:_SOURCES]):
        y = top + _HEAD + place * _LINE
        pen.text((_MARGIN, y), host[:30], colours["words"], _font(_SMALL_PX))
        left = _MARGIN + _NAME_WIDTH
        right = left + max(2, round(count / max(1, highest) * room))
        pen.rectangle((left, y + 2, right, y + _LINE - 8), _BAR_COLOURS[3])
        pen.text((right + 8, y), str(count), colours["faint"], _font(_SMALL_PX))


@lru_cache(maxsize=2)
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    """Open Sans: it has Latin, Greek and Cyrillic letters, which the font of the library has not."""
    body = files("ttf_opensans").joinpath("ttf/OpenSans-Regular.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(body), size_px)
