"""Texts that people write for a post: as Telegram gave them, and with the link of the post in them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import accumulate

from core.protocol import PostContent
from core.rendering.characters import as_shown, clean
from core.rendering.links import LONGEST, is_linkable
from core.rendering.rich import Kind, Rich, Span
from core.urls.normalize import RefusedUrl, host_of, normalize

FORMATS: Mapping[str, Kind] = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strikethrough",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "text_link",
}
"""Types of entities that a post keeps (https://core.telegram.org/bots/api#messageentity).

What Telegram finds by itself it finds again; a mention by id would call somebody into the chat.
"""


def read_written(text: str, entities: Iterable[Mapping[str, object]]) -> Rich:
    """Return a text with its formatting; what is no formatting of FORMATS, or lies outside, is left out.

    Args:
        text: as somebody sent it.
        entities: its entities, as the Bot API names their fields; UTF-16 units.
    """
    ends = accumulate((2 if character > "\uffff" else 1 for character in text), initial=0)
    places = {units: place for place, units in enumerate(ends)}
    cleaned = clean(text)
    spans = []
    for one in entities:
        offset, length = one.get("offset"), one.get("length")
        if one.get("type") not in FORMATS or not isinstance(offset, int) or not isinstance(length, int):
            continue
        start, end = places.get(offset), places.get(offset + length)
        if start is None or end is None or (span := _span(one, start, end)) is None:
            continue
        moved = (min(len(clean(text[:place])), len(cleaned)) for place in (start, end))
        spans.append(replace(span, start=next(moved), end=next(moved)))
    return Rich(text=cleaned, spans=tuple(span for span in spans if span.start < span.end))


def _span(entity: Mapping[str, object], start: int, end: int) -> Span | None:
    kind, url, language = (entity.get(name) for name in ("type", "url", "language"))
    if kind == "text_link" and not (isinstance(url, str) and len(url) <= LONGEST and is_linkable(url)):
        return None
    return Span(
        kind=FORMATS[str(kind)],
        start=start,
        end=end,
        url=str(url) if kind == "text_link" else None,
        language=str(language) if kind == "pre" and language else None,
        folded=kind == "expandable_blockquote" if FORMATS[str(kind)] == "blockquote" else None,
    )


def with_link(content: PostContent, url: str) -> PostContent:
    """Return a post that leads to another address, as rules of its chat want it; so does its own text.

    In that text the address itself is exchanged wherever it stands alone, and each link behind words that
    leads to the same page.
    """
    if content.own is None:
        return replace(content, url=url)
    spans = tuple(
        replace(span, url=url) if span.url is not None and _same(span.url, content.url) else span
        for span in content.own.spans
    )
    own = Rich(text=content.own.text, spans=spans)
    if url != content.url:
        own = _exchanged(own, as_shown(content.url), as_shown(url))
    return replace(content, url=url, own=own)


def _same(one: str, other: str) -> bool:
    try:
        return normalize(one, allow_hosts=(host_of(one),)) == normalize(other, allow_hosts=(host_of(other),))
    except RefusedUrl:
        return one == other


def _exchanged(rich: Rich, old: str, new: str) -> Rich:
    """Put one address in the place of another wherever white space, or an end of the text, is around it."""
    text, spans, begin = rich.text, rich.spans, 0
    grows = len(new) - len(old)
    while (place := text.find(old, begin)) >= 0:
        end = place + len(old)
        begin = end
        if text[place - 1 : place].strip() or text[end : end + 1].strip():
            continue
        text = text[:place] + new + text[end:]
        begin = end + grows
        spans = tuple(
            replace(
                span,
                start=span.start + grows * (span.start >= end),
                end=span.end + grows * (span.end >= end),
            )
            for span in spans
        )
    return Rich(text=text, spans=spans)
