"""What a page says about its feeds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.documents.html import Page
from core.documents.links import media_type_of
from core.documents.text import one_line

_CHANNEL = re.compile(r"https?://(?:www\.|m\.)?youtube\.com/channel/UC[\w-]{22}")


@dataclass(frozen=True, slots=True)
class NamedFeed:
    """A link of a page to another form of it."""

    url: str
    media_type: str
    title: str


def named_feeds(page: Page) -> Iterator[NamedFeed]:
    """Yield the `<link rel=alternate>` of a page that have a type (HTML, 4.6.7.1), in document order."""
    for link in page.tree.css("link[rel][type][href]"):
        said = link.attributes
        relations = (said.get("rel") or "").lower().split()
        url = page.link(said.get("href"))
        if url is not None and "alternate" in relations and "stylesheet" not in relations:
            yield NamedFeed(url, media_type_of(said.get("type")), one_line(said.get("title") or ""))


def own_channel(page: Page) -> str | None:
    """Give the address by which YouTube knows the channel of one of its pages, whatever its handle is."""
    for selector in ("link[rel=canonical][href]", "meta[property='og:url'][content]"):
        node = page.tree.css_first(selector)
        said = (
            (node.attributes.get("href") or node.attributes.get("content") or "") if node is not None else ""
        )
        if found := _CHANNEL.match(said):
            return found[0]
    return None
