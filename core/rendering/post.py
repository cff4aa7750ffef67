"""A post as Telegram takes it: text and entities, never a parse mode, so nothing needs escaping."""

import re
from dataclasses import dataclass
from typing import Literal

from core.protocol import Entity, PostContent
from core.rendering.fingerprint import fingerprint
from core.text import cut, is_blank, one_line, plain_text, utf16_length
from core.urls.normalize import host_of
from core.words import say

TEXT_LIMIT = 4096
_TITLE_LIMIT = 400
_SUMMARY_LIMIT = 500
_SOURCE_LIMIT = 80
_SHOWN_URL_LIMIT = 3_000
# Stricter than browsers, as Telegram is: two slashes, a host with a dot, no port 0.
_LINKABLE = re.compile(
    r"https?://(?:[^\s/?#@\\]*@)?(?=[^/?#:]*\.)[\w.~!$&'()*+,;=-]+(?::0*[1-9]\d*)?(?:[/?#].*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPost:
    """What is sent, and a fingerprint to recognise it by."""

    text: str
    entities: tuple[Entity, ...]
    fingerprint: str


def render(content: PostContent) -> RenderedPost:
    """Render a link: its title as the link, a few lines of its summary, and where it comes from.

    The link always shows: a title that says nothing, or an address that Telegram would drop from
    an entity without a word (a host without a dot), makes the address itself part of the text.
    Only an address too long to be shown hides behind its host, or is cut where it cannot be hidden.
    """
    builder = _Builder()
    title = cut(one_line(content.title), _TITLE_LIMIT)
    linkable = _LINKABLE.fullmatch(content.url) is not None
    if is_blank(title) and linkable and utf16_length(content.url) > _SHOWN_URL_LIMIT:
        title = cut(host_of(content.url), _TITLE_LIMIT)
    if is_blank(title):
        builder.add(cut(content.url, _SHOWN_URL_LIMIT))
    elif linkable:
        builder.add(title, "bold", "text_link", url=content.url)
    else:
        builder.add(title, "bold")
        builder.add("\n" + cut(content.url, _SHOWN_URL_LIMIT))
    summary = _summary(content, title)
    if not is_blank(summary):
        builder.add("\n\n" + summary)
    source = cut(one_line(content.source_title), _SOURCE_LIMIT)
    if not is_blank(source):
        builder.add("\n\n")
        builder.add(source, "italic")
    if content.note is not None:
        builder.add("\n\n")
        builder.add(say(content.note), "italic")
    return builder.build()


def render_plain(content: PostContent) -> RenderedPost:
    """Render a link without any formatting, for a post that Telegram has refused once."""
    builder = _Builder()
    title = cut(one_line(content.title), _TITLE_LIMIT)
    if not is_blank(title):
        builder.add(title + "\n")
    builder.add(content.url)
    return builder.build()


def _summary(content: PostContent, title: str) -> str:
    text = plain_text(content.summary)
    if one_line(text) == title:
        return ""
    return cut(text.removeprefix(title).strip(), _SUMMARY_LIMIT)


class _Builder:
    def __init__(self) -> None:
        self._text = ""
        self._length = 0
        self._entities: list[Entity] = []

    def add(self, text: str, *types: Literal["bold", "italic", "text_link"], url: str | None = None) -> None:
        length = utf16_length(text)
        for entity_type in types:
            target = url if entity_type == "text_link" else None
            self._entities.append(Entity(type=entity_type, offset=self._length, length=length, url=target))
        self._text += text
        self._length += length

    def build(self) -> RenderedPost:
        links = [entity.url for entity in self._entities if entity.url is not None]
        return RenderedPost(
            text=self._text, entities=tuple(self._entities), fingerprint=fingerprint(self._text, links)
        )
