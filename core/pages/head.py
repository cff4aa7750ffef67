"""Tags of a page's head, read by a parser of HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from core.documents.links import is_web, resolve
from core.pages.excerpt import Excerpt

_MOST_VALUES = 100
_MOST_NAMES = 4
LONGEST_VALUE = 20_000
"""Of any string of a page, before it is cleaned."""


@dataclass(slots=True)
class Head:
    """What the tags of a head say."""

    title: str = ""
    language: str = ""
    base: str = ""
    """What relative links start from."""
    canonical: str = ""
    image_src: str = ""
    metas: dict[str, list[str]] = field(default_factory=dict)
    """Contents that are not blank, by lower-case name or property, in document order."""

    def first(self, *names: str) -> str:
        """Give the first content of the first of these names that has one, or ""."""
        for name in names:
            for content in self.metas.get(name, ()):
                return content
        return ""

    def all(self, *names: str) -> Iterator[str]:
        """Yield all contents, name by name."""
        for name in names:
            yield from self.metas.get(name, ())


def read_head(cut: Excerpt, url: str) -> Head:
    """Read the tags of a head; the base is the page's own address, or what it says in `<base>`."""
    tree = LexborHTMLParser(cut.tags)
    head = Head(base=url)
    if (root := tree.root) is not None:
        head.language = root.attributes.get("lang") or root.attributes.get("xml:lang") or ""
    for title in tree.tags("title")[:1]:
        head.title = title.text(deep=True)[:LONGEST_VALUE]
    _take([meta.attributes for meta in tree.tags("meta")], head.metas)
    for link in tree.tags("link"):
        _follow(link.attributes, head)
    for base in tree.tags("base")[:1]:
        href = resolve(url, base.attributes.get("href"))
        head.base = href if href is not None and is_web(href) else url
    return head


def _take(tags: list[dict[str, str | None]], metas: dict[str, list[str]]) -> None:
    for said in tags:
        content = said.get("content")
        names = said.get("property") or said.get("name") or said.get("itemprop") or said.get("http-equiv")
        if not content or not names or content.isspace():
            continue
        for name in names.lower().split(None, _MOST_NAMES)[:_MOST_NAMES]:
            if (contents := metas.get(name)) is None:
                metas[name] = [content[:LONGEST_VALUE]]
            elif len(contents) < _MOST_VALUES:
                contents.append(content[:LONGEST_VALUE])


def _follow(said: dict[str, str | None], head: Head) -> None:
    relations = (said.get("rel") or "").lower().split()
    href = (said.get("href") or "")[:LONGEST_VALUE]
    if "canonical" in relations:
        head.canonical = head.canonical or href
    if "image_src" in relations:
        head.image_src = head.image_src or href
