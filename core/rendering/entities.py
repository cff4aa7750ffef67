"""From text with formatting to what Telegram takes: UTF-16 offsets, no more entities than it keeps.

The rules are those of https://core.telegram.org/bots/api#formatting-options: `pre` and `code` hold nothing,
quotes hold no quotes, links no links, and of more than 100 entities the rest is dropped without a word.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from core.protocol import Entity
from core.rendering.characters import PILED_MARKS
from core.rendering.rich import Kind, Rich, Span
from core.text import is_blank

MOST_ENTITIES = 100
_MOST_SPANS = 300
_LONG_QUOTE = 300
_LINES_OF_LONG_QUOTE = 6
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
_RANKS: dict[Kind, int] = {
    "text_link": 1,
    "pre": 2,
    "blockquote": 3,
    "code": 4,
    "spoiler": 5,
    "bold": 6,
    "italic": 7,
    "strikethrough": 8,
    "underline": 9,
}
_FRAMES = frozenset(("text_link", "pre", "code"))
_VERBATIM = frozenset(("pre", "code"))


def entities_of(rich: Rich, *, link: str | None = None) -> tuple[str, tuple[Entity, ...]]:
    """Return the text of a message and its entities, sorted, none of them empty or with blanks at its ends.

    Args:
        rich: what is to be said.
        link: the address that must not be lost: its entity outranks all others.
    """
    rich = _stripped(_without_piles(rich))
    text = rich.text
    trimmed = [one for span in rich.spans if (one := _trimmed(text, span)) is not None]
    trimmed.sort(key=lambda span: (_rank(span, link), span.start))
    spans = _compatible(trimmed[:_MOST_SPANS], link)
    spans = [one for span in spans if (one := _trimmed(text, span)) is not None]
    spans.sort(key=lambda span: (_rank(span, link), span.start))
    kept = sorted(spans[:MOST_ENTITIES], key=_order)
    beyond = [found.start() for found in _BEYOND.finditer(text)]
    return text, tuple(_entity(text, span, beyond) for span in kept)


def _rank(span: Span, link: str | None) -> int:
    return 0 if span.kind == "text_link" and span.url == link else _RANKS[span.kind]


def _order(span: Span) -> tuple[int, int, int]:
    """What holds others comes before them; a quote may hold all, and be held by styles only."""
    return (span.start, -span.end, 0 if span.kind == "blockquote" else _RANKS[span.kind])


def _without_piles(rich: Rich) -> Rich:
    """Take away combining marks that are piled up; only now they stand side by side."""
    piles = [found.span() for found in PILED_MARKS.finditer(rich.text)]
    if not piles:
        return rich
    starts = [start for start, _ in piles]
    gone = [0]
    for start, end in piles:
        gone.append(gone[-1] + end - start)

    def moved(place: int) -> int:
        index = bisect_left(starts, place)
        into = max(0, piles[index - 1][1] - place) if index else 0
        return place - gone[index] + into

    spans = tuple(replace(span, start=moved(span.start), end=moved(span.end)) for span in rich.spans)
    return Rich(text=PILED_MARKS.sub("", rich.text), spans=spans)


def _stripped(rich: Rich) -> Rich:
    """Cut the blanks at the ends, and those at the ends of lines."""
    text = rich.text.strip()
    if text == rich.text:
        return rich
    lead = len(rich.text) - len(rich.text.lstrip())
    spans = (
        replace(span, start=max(span.start - lead, 0), end=min(span.end - lead, len(text)))
        for span in rich.spans
    )
    return Rich(text=text, spans=tuple(span for span in spans if span.start < span.end))


def _trimmed(text: str, span: Span) -> Span | None:
    inner = text[span.start : span.end]
    if inner and inner[0].isalnum() and inner[-1].isalnum():
        return span
    if is_blank(inner):
        return None
    start = span.start + len(inner) - len(inner.lstrip())
    end = span.end - (len(inner) - len(inner.rstrip()))
    return span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)


def _compatible(spans: list[Span], link: str | None) -> list[Span]:
    """Drop and cut what cannot go together, the more important first."""
    frames: list[Span] = []
    for span in sorted((one for one in spans if one.kind in _FRAMES), key=lambda one: _precedence(one, link)):
        if all(span.end <= other.start or other.end <= span.start for other in frames):
            frames.append(span)
    quotes: list[Span] = []
    for span in spans:
        if span.kind == "blockquote" and _can_be_quote(span, frames, quotes):
            quotes.append(span)
    verbatim = sorted((one for one in frames if one.kind in _VERBATIM), key=lambda one: one.start)
    styles = (one for one in spans if one.kind not in _FRAMES and one.kind != "blockquote")
    pieces = _at_quotes(_around(styles, verbatim), quotes)
    return [*frames, *quotes, *_without_doubles(pieces)]


def _precedence(span: Span, link: str | None) -> tuple[int, int]:
    """The link of the post, then `pre` (a link would tear it), links, pieces of code."""
    order = {"pre": 1, "text_link": 2, "code": 3}
    return (0 if _rank(span, link) == 0 else order[span.kind], span.start)


def _can_be_quote(span: Span, frames: Iterable[Span], quotes: Iterable[Span]) -> bool:
    apart = all(span.end <= other.start or other.end <= span.start for other in quotes)
    return apart and all(
        span.end <= frame.start
        or frame.end <= span.start
        or (span.start <= frame.start and frame.end <= span.end)
        for frame in frames
    )


def _around(styles: Iterable[Span], verbatim: list[Span]) -> Iterator[Span]:
    for style in styles:
        start = style.start
        for hole in verbatim:
            if hole.end <= start or hole.start >= style.end:
                continue
            if start < hole.start:
                yield replace(style, start=start, end=hole.start)
            start = hole.end
        if start < style.end:
            yield replace(style, start=start)


def _at_quotes(styles: Iterable[Span], quotes: list[Span]) -> Iterator[Span]:
    """Cut what now begins before a quote and ends in it, or the other way round."""
    for style in styles:
        if not any(_cross(style, quote) for quote in quotes):
            yield style
            continue
        edges = {
            edge for quote in quotes for edge in (quote.start, quote.end) if style.start < edge < style.end
        }
        places = [style.start, *sorted(edges), style.end]
        yield from (replace(style, start=start, end=end) for start, end in pairwise(places))


def _cross(one: Span, other: Span) -> bool:
    return one.start < other.start < one.end < other.end or other.start < one.start < other.end < one.end


def _without_doubles(styles: Iterable[Span]) -> Iterator[Span]:
    """Leave out what is inside another of its kind."""
    ends: dict[Kind, int] = {}
    for style in sorted(styles, key=lambda one: (one.start, -one.end)):
        if style.end > ends.get(style.kind, -1):
            ends[style.kind] = style.end
            yield style


def _entity(text: str, span: Span, beyond: list[int]) -> Entity:
    start = span.start + bisect_left(beyond, span.start)
    end = span.end + bisect_left(beyond, span.end)
    return Entity(
        type="expandable_blockquote" if _is_folded(text, span, end - start) else span.kind,
        offset=start,
        length=end - start,
        url=span.url,
        language=span.language,
    )


def _is_folded(text: str, span: Span, length: int) -> bool:
    if span.kind != "blockquote" or span.folded is not None:
        return bool(span.folded)
    return length > _LONG_QUOTE or text.count("\n", span.start, span.end) >= _LINES_OF_LONG_QUOTE
