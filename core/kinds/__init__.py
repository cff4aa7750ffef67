"""Kinds of sources: one file each, one table.

A kind reads documents and nothing else: no I/O, no clock. Its rules, where it takes any, are a frozen
value that is stored as canonical JSON. To add a kind is to write its file and to name it in the table.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from core.documents.opening import find_root, opening
from core.entries import Document, Further, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.kinds.feed import Feed
from core.kinds.json import AnyJson
from core.kinds.list import HtmlList
from core.kinds.rules import NO_RULES, write_rules
from core.kinds.sitemap import Sitemap, listed
from core.languages import gettext as _

RulesT = TypeVar("RulesT")
Fallback = Callable[[Document], ParsedDocument]
"""Reads a feed in which our own reader found nothing; may raise UnreadableDocument."""

_ENTRY_TAGS = (b"<item", b"<entry", b":item", b":entry")
_OURS_IS_RIGHT = frozenset({"empty", "too_large"})


class Kind(Protocol[RulesT]):
    """A kind of source: what it looks like, what it takes to read it, and how its entries are read."""

    @property
    def name(self) -> str:
        """Name in settings, commands and the database."""
        ...

    @property
    def words(self) -> str:
        """What people call it."""
        ...

    @property
    def example(self) -> str:
        """Rules as JSON, for people who ask how to write them."""
        ...

    def read_rules(self, text: str) -> RulesT:
        """Read the rules of a source from JSON.

        Raises:
            UserError: they are wrong: it says which, with an example.
        """
        ...

    def recognise(self, document: Document) -> bool:
        """Tell whether a document looks like one of this kind. Never raises."""
        ...

    def recognise_url(self, url: str) -> bool:
        """Tell whether an address alone says that its document is one of this kind. Never raises."""
        ...

    def wanted(self, document: Document) -> tuple[str, ...]:
        """Give the addresses of further documents that belong to this one, in the order to read them.

        Raises:
            UnreadableDocument: the document is not of this kind.
        """
        ...

    def parse(self, document: Document, rules: RulesT = ...) -> ParsedDocument:
        """Read the entries of a document, in document order.

        Raises:
            UnreadableDocument: the document is not of this kind, or nothing can be read out of it.
        """
        ...


_ALL: tuple[Kind[Any], ...] = (Feed(), Sitemap(), HtmlList(), AnyJson())
KINDS: Mapping[str, Kind[Any]] = MappingProxyType({kind.name: kind for kind in _ALL})


def parse_as(
    kind_name: str, document: Document, rules: str = NO_RULES, *, fallback: Fallback | None = None
) -> ParsedDocument:
    """Read a document as a kind of source; "auto" tries those that recognise it, in the table's order.

    Args:
        kind_name: a name of the table, or "auto", which takes no rules.
        document: what was fetched.
        rules: JSON.
        fallback: asked where a feed holds nothing that our own reader finds.

    Raises:
        UserError: there is no such kind, or its rules are wrong.
        UnreadableDocument: its code is `empty`, `not_a_feed` (no kind recognises the document), or what
            the first kind that did recognise it has to say.
    """
    if kind_name != "auto":
        return _read(find_kind(kind_name), document, rules, fallback)
    if not document.body or document.body.isspace():
        raise UnreadableDocument("empty", "the document has no content")
    failure: UnreadableDocument | None = None
    for kind in KINDS.values():
        if kind.recognise(document):
            try:
                return _read(kind, document, NO_RULES, fallback)
            except UnreadableDocument as error:
                failure = failure or error
    if failure is None or failure.code == "no_list":
        raise UnreadableDocument("not_a_feed", _describe(document))
    raise failure


def wanted_by(kind_name: str, document: Document) -> tuple[str, ...]:
    """Give the addresses of further documents that a source needs beside this one; none for "auto".

    Raises:
        UserError: there is no such kind.
        UnreadableDocument: the document is not of this kind.
    """
    return () if kind_name == "auto" else find_kind(kind_name).wanted(document)


def listed_by(kind_name: str, document: Document) -> Further:
    """Give what `wanted_by` does, with what the document says of when each changed.

    Raises:
        UserError: there is no such kind.
        UnreadableDocument: the document is not of this kind.
    """
    return (
        listed(document)
        if leads_on(kind_name)
        else Further(dates=dict.fromkeys(wanted_by(kind_name, document)))
    )


def leads_on(kind_name: str) -> bool:
    """Return whether documents of a kind may name further ones at all."""
    return kind_name == Sitemap.name


def find_kind(name: str) -> Kind[Any]:
    """Return a kind by its name.

    Raises:
        UserError: there is none.
    """
    if name not in KINDS:
        raise UserError(
            "There is no kind of source named {name!r}. Use one of: auto, {kinds}.",
            name=name,
            kinds=", ".join(KINDS),
        )
    return KINDS[name]


def canonical_rules(kind_name: str, text: str) -> str:
    """Return the rules of a kind in the one form in which they are stored.

    Raises:
        UserError: there is no such kind, or the rules are wrong.
    """
    return write_rules(_rules(kind_name, text))


@lru_cache(maxsize=256)
def _rules(kind_name: str, text: str) -> Any:  # noqa: ANN401 - each kind has a type of its own
    return find_kind(kind_name).read_rules(text)


def _read(kind: Kind[Any], document: Document, rules: str, fallback: Fallback | None) -> ParsedDocument:
    """Parse, by the fallback where a feed is broken or empty though there are tags of entries in it."""
    values = _rules(kind.name, rules) if rules != NO_RULES or kind.name == AnyJson.name else None
    found: ParsedDocument | UnreadableDocument
    try:
        found = kind.parse(document) if values is None else kind.parse(document, values)
    except UnreadableDocument as error:
        found = error
    if isinstance(found, ParsedDocument) and found.entries:
        return found
    asks = (
        fallback is not None and kind.name == Feed.name and any(tag in document.body for tag in _ENTRY_TAGS)
    )
    if asks and fallback is not None and getattr(found, "code", "") not in _OURS_IS_RIGHT:
        try:
            other = fallback(document)
        except UnreadableDocument:
            other = None
        if other is not None and other.entries:
            return other
    if isinstance(found, UnreadableDocument):
        raise found
    return found


def _describe(document: Document) -> str:
    root = find_root(opening(document.body))
    if root is None:
        return _("neither XML nor JSON that Vestnik knows")
    return (
        _("an HTML page") if root.name == "html" else _("its root element is <{name}>").format(name=root.name)
    )
