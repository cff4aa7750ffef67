"""Shortens text with formatting: between words, outside of links, never within a character."""

from dataclasses import replace

from core.graphemes import boundary
from core.rendering.rich import Rich
from core.text import ELLIPSIS, utf16_length

_WHOLE = frozenset(("text_link", "code"))
_TRAILING = " \u00a0,.;:-–—(\n•◦▪|"  # noqa: RUF001 - dashes of prose

_JOINS = " \u00a0\n|.:–—"  # noqa: RUF001 - the same


def cut_rich(rich: Rich, limit: int) -> Rich:
    """Return text of at most `limit` UTF-16 units (at least 1), with an ellipsis where it was cut.

    A link or a piece of code is left out whole, unless that would cost more than half of the text.
    """
    if limit < 1:
        return Rich()
    if utf16_length(rich.text) <= limit:
        return rich
    text = rich.text
    place = boundary(text, _fitting(text, limit - 1))
    place = _word_end(text, place)
    for span in rich.spans:
        if span.kind in _WHOLE and span.start < place < span.end and span.start >= place // 2:
            place = span.start
    head = text[:place].rstrip(_TRAILING)
    spans = tuple(
        replace(span, end=min(span.end, len(head))) for span in rich.spans if span.start < len(head)
    )
    return Rich(text=head + ELLIPSIS, spans=spans)


def _fitting(text: str, limit: int) -> int:
    """Return how many characters fit into so many UTF-16 units."""
    place = min(limit, len(text))
    used = utf16_length(text[:place])
    while used > limit:
        # Each step takes back at least half of what is too much.
        place -= (used - limit + 1) // 2
        used = utf16_length(text[:place])
    return place


def _word_end(text: str, place: int) -> int:
    if place < len(text) and text[place].isspace():
        return place
    space = max(text.rfind(" ", 0, place), text.rfind("\n", 0, place))
    return space if space >= place // 2 and space > 0 else place


def without_start(rich: Rich, count: int) -> Rich:
    """Return text without its first so many characters, and without what joined others to them."""
    text = rich.text[count:].lstrip(_JOINS)
    gone = len(rich.text) - len(text)
    spans = tuple(
        replace(span, start=max(0, span.start - gone), end=span.end - gone)
        for span in rich.spans
        if span.end > gone
    )
    return Rich(text=text, spans=spans)
