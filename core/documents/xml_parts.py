"""What entries and heads of XML feeds are made of: children by name, links, persons, titles."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TypeAlias

from lxml import etree

from core.documents.links import ABSOLUTE, Link, media_type_of, rebase, resolve
from core.documents.markup import text_of
from core.documents.names import Names
from core.documents.text import Lines, one_line, plain_line

_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_SHORT = 512  # looking at each character of more than that is not the cheapest way
_RELATIONS = "http://www.iana.org/assignments/relation/"
_REPEATED = frozenset({"link", "category", "enclosure", "author", "creator", "media", "group"})

Found: TypeAlias = dict[str, etree._Element]  # noqa: SLF001 - the stubs' only name for an element
"""The first child of each canonical name."""


class Context:
    """What an entry shares with its neighbours."""

    def __init__(
        self, *, names: Names, url: str, markup: bytes, known: Callable[[str], bool] | None = None
    ) -> None:
        self.names = names
        self.known = known
        self.lines = Lines()
        self._base = rebase("", url)
        self._markup = markup

    def resolve(self, element: etree._Element, reference: str | None) -> str | None:
        """Make a reference within an element absolute, as its xml:base says (XML Base, section 4)."""
        if not reference:
            return None
        if reference.startswith(ABSOLUTE) and len(reference) < _SHORT and reference.isprintable():
            return reference.rstrip()
        return resolve(self._base_of(element) if self._has_bases else self._base, reference)

    def _base_of(self, element: etree._Element) -> str:
        bases = (ancestor.get(_XML_BASE) for ancestor in (element, *element.iterancestors()))
        base = self._base
        for reference in reversed([reference for reference in bases if reference]):
            base = rebase(base, reference)
        return base

    @cached_property
    def _has_bases(self) -> bool:
        return b"xml:base" in self._markup


class Parts:
    """The children of an element by their canonical names: the first of each, and more of some."""

    __slots__ = ("context", "found", "more")

    def __init__(self, parent: etree._Element, context: Context) -> None:
        self.context = context
        self.found: Found = {}
        self.more: dict[str, list[etree._Element]] = {}
        self.gather(parent)

    def gather(self, parent: etree._Element) -> None:
        names, found, more = self.context.names, self.found, self.more
        for child in parent:
            name = names[child.tag]
            if name not in found:
                found[name] = child
            elif name in _REPEATED:
                if name in more:
                    more[name].append(child)
                else:
                    more[name] = [child]

    def every(self, name: str) -> Sequence[etree._Element]:
        """Give all elements of a name that may come more than once, in document order."""
        if name not in self.found:
            return ()
        first = self.found[name]
        return (first, *self.more[name]) if name in self.more else (first,)

    def open_media(self) -> None:
        """Take in what Media RSS puts into its groups and contents."""
        for group in self.every("group"):
            self.gather(group)
        for media in self.every("media"):
            self.gather(media)

    def people(self, name: str) -> list[str]:
        """Give the names of persons in elements of this name."""
        if name not in self.more:
            person = read_person(self.found[name], self.context) if name in self.found else ""
            return [person] if person else []
        return [person for element in self.every(name) if (person := read_person(element, self.context))]


def read_link(element: etree._Element, context: Context) -> Link | None:
    """Read a link with its address in an attribute (RFC 4287, 4.2.7); None for one of RSS."""
    url = context.resolve(element, element.get("href"))
    if url is None:
        return None
    relation = (element.get("rel") or "alternate").strip().lower().removeprefix(_RELATIONS)
    return Link(relation, url, media_type_of(element.get("type")), element.get("length"))


def plain_title(element: etree._Element, *, is_atom: bool) -> str:
    """Read a title as one line of plain text, by its type (RFC 4287, 3.1) or, in RSS, by its looks."""
    text = text_of(element)
    if "<" not in text and ("&" not in text or ";" not in text):
        return one_line(text)
    kind = (element.get("type") or "").lower()
    if "html" in kind and not len(element):
        return plain_line(text, sure=True)
    if is_atom or len(element) or kind.startswith("text"):
        return one_line(text)
    return plain_line(text, sure=False)


def read_person(element: etree._Element, context: Context) -> str:
    """Read a person: the name in Atom, in RSS the name behind the address, "a@b.c (Name)"."""
    if len(element):
        parts = {context.names[child.tag]: text_of(child) for child in reversed(element)}
        return one_line(parts.get("name") or parts.get("email") or text_of(element))
    text = context.lines[element.text or ""]
    if text.endswith(")") and "@" in text:
        _, _, name = text[:-1].partition("(")
        return name.strip() or text
    return text


def read_tags(categories: Iterable[etree._Element], lines: Lines) -> tuple[str, ...]:
    """Read tags, each once: terms of Atom (RFC 4287, 4.2.2) or texts of RSS."""
    tags: dict[str, None] = {}
    for element in categories:
        text = element.get("term") or text_of(element) or element.get("label")
        if text and (line := lines[text]):
            tags[line] = None
    return tuple(tags)
