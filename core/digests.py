"""Digests: many links in one message."""

from collections.abc import Sequence

from core.protocol import Entity, PostContent
from core.rendering.characters import clean
from core.rendering.fingerprint import fingerprint
from core.rendering.links import is_linkable
from core.rendering.post import TEXT_LIMIT, RenderedPost
from core.text import cut, is_blank, one_line, utf16_length
from core.urls.normalize import host_of
from core.words import say

_TITLE_LIMIT = 200
_SHOWN_URL_LIMIT = 400
_SOURCE_LIMIT = 40


def render_digest(contents: Sequence[PostContent]) -> tuple[RenderedPost, int]:
    """Render links one a line, as many of them as a message has room for.

    Returns:
        The post, and how many of the links are in it: the first ones, one at the least.
    """
    text, length = "", 0
    entities: list[Entity] = []
    count = 0
    note = next((content.note for content in contents if content.note is not None), None)
    tail = "" if note is None else f"\n\n{say(note)}"
    room = TEXT_LIMIT - utf16_length(tail)
    for content in contents:
        shown, linked = _line(content)
        line = f"{'' if not count else chr(10)}• {shown}{_source(content)}"
        if count and length + utf16_length(line) > room:
            break
        start = length + utf16_length(line.partition("• ")[0]) + 2
        if linked:
            entities.append(
                Entity(type="text_link", offset=start, length=utf16_length(shown), url=content.url)
            )
        text, length, count = text + line, length + utf16_length(line), count + 1
    if tail:
        entities.append(Entity(type="italic", offset=length + 2, length=utf16_length(tail) - 2))
    links = [entity.url for entity in entities if entity.url is not None]
    post = RenderedPost(
        text=text + tail, entities=tuple(entities), fingerprint=fingerprint(text + tail, links)
    )
    return post, count


def _line(content: PostContent) -> tuple[str, bool]:
    """Return what is shown of a link, and whether it hides the address."""
    title = cut(one_line(clean(content.title)), _TITLE_LIMIT)
    if not is_linkable(content.url):
        url = cut(content.url, _SHOWN_URL_LIMIT)
        return (url if is_blank(title) else f"{title} {url}"), False
    if not is_blank(title):
        return title, True
    if utf16_length(content.url) > _SHOWN_URL_LIMIT:
        return cut(host_of(content.url), _TITLE_LIMIT), True
    return content.url, False


def _source(content: PostContent) -> str:
    name = cut(one_line(clean(content.source_title)), _SOURCE_LIMIT)
    return "" if is_blank(name) else f" · {name}"
