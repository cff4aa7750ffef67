"""Kinds of sources: one file each, one table.

A kind reads documents and nothing else: no I/O, no clock.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from core.documents.opening import find_root, opening
from core.entries import Document, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.kinds.feed import Feed


class Kind(Protocol):
    """A kind of source: what it looks like, and how its entries are read."""

    @property
    def name(self) -> str:
        """Name in settings, commands and the database."""
        ...

    @property
    def words(self) -> str:
        """What people call it."""
        ...

    def recognise(self, document: Document) -> bool:
        """Tell whether a document looks like one of this kind. Never raises."""
        ...

    def parse(self, document: Document) -> ParsedDocument:
        """Read the entries of a document, in document order.

        Raises:
            UnreadableDocument: the document is not of this kind, or nothing can be read out of it.
        """
        ...


KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in (Feed(),)})


def parse_as(kind_name: str, document: Document) -> ParsedDocument:
    """Read a document as a kind of source; "auto" tries those that recognise it, in the table's order.

    Raises:
        UserError: there is no such kind.
        UnreadableDocument: its code is `empty`, `not_a_feed` (no kind recognises the document), or what
            the first kind that did recognise it has to say.
    """
    if kind_name != "auto":
        return _kind(kind_name).parse(document)
    if not document.body.strip():
        raise UnreadableDocument("empty", "the document has no content")
    failure: UnreadableDocument | None = None
    for kind in KINDS.values():
        if kind.recognise(document):
            try:
                return kind.parse(document)
            except UnreadableDocument as error:
                failure = failure or error
    raise failure or UnreadableDocument("not_a_feed", _describe(document))


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise UserError(f"There is no kind of source named {name!r}. Use one of: auto, {', '.join(KINDS)}.")
    return KINDS[name]


def _describe(document: Document) -> str:
    root = find_root(opening(document.body))
    if root is None:
        return "neither XML nor JSON that Vestnik knows"
    return "an HTML page" if root.name == "html" else f"its root element is <{root.name}>"
