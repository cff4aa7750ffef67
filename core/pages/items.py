"""Things that the elements of a page describe: microdata (HTML, 5) and RDFa Lite (W3C, 1.1)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.documents.html import Page as Tree
from core.documents.html import read_html, text_of
from core.documents.links import resolve
from core.entries import Document
from core.errors import UnreadableDocument
from core.pages.excerpt import MOST_BYTES
from core.pages.json_ld import Node

ReadItems = Callable[[Document], Iterable[list[Node]]]
"""Gives the things of each syntax."""

_FEW_TAGS = 1_000
_MOST_ELEMENTS = 3_000
_MOST_TEXT = 4_000_000  # characters, for the text of an element holds that of those inside it
_LINKS = ("href", "src", "data")
_ADDRESSES = {"a": "href", "area": "href", "link": "href", "img": "src", "audio": "src", "video": "src",
              "embed": "src", "iframe": "src", "source": "src", "track": "src", "object": "data"}  # fmt: skip


def describes_elements(document: Document) -> bool:
    """Tell whether there may be things to read; costs next to nothing."""
    return any(_signs(document.body))


def is_light(document: Document) -> bool:
    """Tell whether its elements can be looked at in about a millisecond."""
    return document.body.count(b"<", 0, MOST_BYTES) <= _FEW_TAGS


def read_items(document: Document) -> Iterator[list[Node]]:
    """Yield what microdata and RDFa say, if there are any: the whole page becomes a tree for that."""
    microdata, rdfa = _signs(document.body)
    if not microdata and not rdfa:
        return
    body = document.body[:MOST_BYTES]
    try:
        tree = read_html(Document(body=body, url=document.url, content_type=document.content_type))
    except UnreadableDocument:
        return  # its bytes look like markup, its characters do not: two of them make one
    if microdata:
        yield read_microdata(tree)
    if rdfa:
        yield read_rdfa(tree)


def _signs(body: bytes) -> tuple[bool, bool]:
    # From behind, a search is three times as fast.
    return body.rfind(b"itemprop", 0, MOST_BYTES) >= 0, body.rfind(b"typeof", 0, MOST_BYTES) >= 0


def read_microdata(page: Tree) -> list[Node]:
    """Give the items of a page that belong to no other one, in the form of JSON-LD."""
    reader = _Reader("itemscope", "itemprop", page, _microdata_types, _microdata_value)
    reader.refer(page.tree)
    return reader.read()


def read_rdfa(page: Tree) -> list[Node]:
    """Give the things of schema.org's vocabulary that RDFa describes, in the form of JSON-LD."""
    if page.tree.css_first("[vocab*='schema.org'], [typeof^='schema:']") is None:
        return []
    return _Reader("typeof", "property", page, _rdfa_types, _rdfa_value).read()


@dataclass(slots=True)
class _Reader:
    """One walk over the elements of one syntax."""

    scope: str
    prop: str
    page: Tree
    types: Callable[[dict[str, str | None]], Node]
    value: Callable[["_Reader", LexborNode, dict[str, str | None]], str]
    owners: dict[int, Node | None] = field(default_factory=dict)
    """The thing to which the inside of an element belongs, by the element's memory."""
    referred: dict[int, Node] = field(default_factory=dict)
    text_left: int = _MOST_TEXT

    def read(self) -> list[Node]:
        """Walk in document order, so that a thing is known before its properties."""
        found: list[Node] = []
        seen: set[int] = set()
        for element in self.page.tree.css(f"[{self.scope}], [{self.prop}]")[:_MOST_ELEMENTS]:
            if element.mem_id in seen:
                continue
            seen.add(element.mem_id)
            self._take(element, found)
        return found

    def refer(self, tree: LexborHTMLParser) -> None:
        """Follow `itemref`: properties that stand outside of their item."""
        wanted: dict[str, Node] = {}
        for element in tree.css("[itemref]")[:_MOST_ELEMENTS]:
            item = self._thing(element, element.attributes)
            for name in (element.attributes["itemref"] or "").split()[:100]:
                wanted.setdefault(name, item)
        for element in tree.css("[id]")[:_MOST_ELEMENTS] if wanted else ():
            if (owner := wanted.get(element.attributes["id"] or "")) is not None:
                self.referred[element.mem_id] = owner

    def _take(self, element: LexborNode, found: list[Node]) -> None:
        said = element.attributes
        names = [name for name in map(_local, (said.get(self.prop) or "").split()[:8]) if name]
        owner = self.referred.get(element.mem_id) or self._owner(element.parent)
        inside = self._thing(element, said) if self.scope in said else None
        if owner is not None and names:
            value = inside if inside is not None else self.value(self, element, said)
            for name in names:
                owner.setdefault(name, []).append(value)
        elif inside is not None:
            found.append(inside)

    def _thing(self, element: LexborNode, said: dict[str, str | None]) -> Node:
        known = self.owners.get(element.mem_id)
        if known is None:
            known = self.owners[element.mem_id] = self.types(said)
        return known

    def _owner(self, element: LexborNode | None) -> Node | None:
        path = []
        owner: Node | None = None
        while element is not None:
            memory = element.mem_id
            owner = self.referred.get(memory) or self.owners.get(memory)
            if owner is not None or memory in self.owners:
                break
            path.append(memory)
            element = element.parent
        for memory in path:
            self.owners[memory] = owner
        return owner

    def text(self, element: LexborNode) -> str:
        """Give an element's text, until there was too much of it."""
        if self.text_left <= 0:
            return ""
        said = text_of(element)
        self.text_left -= len(said) + 100
        return said


def _microdata_types(said: dict[str, str | None]) -> Node:
    node: Node = {"@type": (said.get("itemtype") or "").split()}
    return node | ({"@id": said["itemid"]} if said.get("itemid") else {})


def _microdata_value(reader: _Reader, element: LexborNode, said: dict[str, str | None]) -> str:
    """Give a property's value; `content` counts on any element, as schema.org's own examples have it."""
    address = said.get(_ADDRESSES.get(element.tag or "", ""))
    if content := said.get("content"):
        return content
    if address:
        return resolve(reader.page.base, address) or ""
    return said.get("datetime") or said.get("value") or reader.text(element)


def _rdfa_types(said: dict[str, str | None]) -> Node:
    node: Node = {"@type": (said.get("typeof") or "").split()}
    return node | ({"@id": said["resource"]} if said.get("resource") else {})


def _rdfa_value(reader: _Reader, element: LexborNode, said: dict[str, str | None]) -> str:
    if content := said.get("content"):
        return content
    address = next((said[name] for name in ("resource", *_LINKS) if said.get(name)), None)
    return (
        (resolve(reader.page.base, address) or "")
        if address
        else said.get("datetime") or reader.text(element)
    )


def _local(name: str) -> str:
    """Give a property's name without schema.org's place before it; "" for one of another vocabulary."""
    for place in ("schema:", "http://schema.org/", "https://schema.org/"):
        name = name.removeprefix(place)
    return "" if ":" in name else name
