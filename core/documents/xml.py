"""XML of strangers as a tree: no entity, no file, no request, and something out of nearly everything."""

import threading
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from lxml import etree

from core.documents.charset import to_utf8
from core.documents.opening import Root, find_root
from core.documents.repair import repair, without_surrogates
from core.entries import Document
from core.errors import UnreadableDocument

# What repairing cannot better: the end is missing, or something follows it.
_HOPELESS = frozenset(
    {
        etree.ErrorTypes.ERR_DOCUMENT_END,
        etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
        etree.ErrorTypes.ERR_CDATA_NOT_FINISHED,
    }
)
_ERRORS_KEPT = 100  # libxml2 reports no more
_TEXT_BYTES = 65_536
_XML_BASE = "http://www.w3.org/XML/1998/namespace}base"


class _Parsers(threading.local):
    """One parser for each thread: a new one for each document would cost a third of the parsing."""

    def __init__(self) -> None:
        self.parser = etree.XMLParser(
            encoding="utf-8",
            recover=True,
            resolve_entities=False,
            load_dtd=False,
            dtd_validation=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )


_parsers = _Parsers()


@dataclass(frozen=True, slots=True)
class Xml:
    """A tree, and the markup in UTF-8 that it was read from."""

    root: etree._Element
    markup: bytes
    well_formed: bool

    @property
    def is_whole(self) -> bool:
        """Whether the markup holds the end tag of its root element, or an empty one."""
        return self.well_formed or not len(self.root) or b"</" + _qualified(self.root) in self.markup

    def is_cut_off(self, last: etree._Element) -> bool:
        """Tell whether the document ends before the end tag of its last entry."""
        if self.well_formed:
            return False
        markup, end = self.markup, b"</" + _qualified(self.root)
        if markup[-64:].rstrip().endswith(end + b">"):
            return False
        name = _qualified(last)
        start = markup.rfind(b"<" + name)
        return start >= 0 and markup.find(b"</" + name, start) < 0 and markup.find(end, start) < 0


def read_xml(document: Document) -> Xml:
    """Parse a document that should be XML, tolerantly.

    The prolog is cut off, so that no entity is ever declared. Well-formed markup is read by expat, whose
    elements cost a mapper much less than lxml's; what is not is recovered by libxml2, or repaired and
    parsed again.

    Raises:
        UnreadableDocument: `empty`, `not_a_feed` (no markup, or an HTML page), `broken`.
    """
    body = to_utf8(document.body, document.content_type)
    if not body or body.isspace():
        raise UnreadableDocument("empty", "the document has no content")
    root = _feed_root(body)
    markup = body[root.start :]
    strict = _parse_strictly(markup)
    if strict is not None:
        return Xml(strict, markup, well_formed=True)
    tree, damaged = _parse(markup)
    if damaged:
        mended = repair(markup)
        second, _ = _parse(mended)
        if second is not None and (tree is None or _entries(second) >= _entries(tree)):
            tree, markup = second, mended
        else:
            markup = without_surrogates(markup)
            tree, _ = _parse(markup)
    if tree is None:
        raise UnreadableDocument("broken", "the XML has no readable root element")
    return Xml(tree, markup, well_formed=False)


def _qualified(element: etree._Element) -> bytes:
    name = str(element.tag).rpartition("}")[2]
    return (f"{element.prefix}:{name}" if element.prefix else name).encode()


def _feed_root(body: bytes) -> Root:
    root = find_root(body)
    if root is None:
        if body.lstrip().startswith(b"<"):
            raise UnreadableDocument("broken", "the XML has no root element")
        raise UnreadableDocument("not_a_feed", "neither XML nor JSON")
    if root.name == "html":
        raise UnreadableDocument("not_a_feed", "an HTML page")
    return root


def _parse_strictly(markup: bytes) -> etree._Element | None:
    """Parse UTF-8 that is well-formed; None for other markup, and where it takes ancestors to read it.

    As `ElementTree.fromstring`, which has no way to say that a text shall come in one piece, however many
    lines and references it has: that takes a tenth off the parsing, and as much off the reading of texts.
    Names lack the brace before their namespace.
    """
    builder = ET.TreeBuilder()
    names: dict[str, str] = {}  # of all elements and attributes
    parser = expat.ParserCreate("utf-8", "}", names)  # it never sees a document type, and so no entity
    parser.buffer_text = True
    parser.buffer_size = _TEXT_BYTES
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(markup, True)  # noqa: FBT003 - C function
    except expat.ExpatError:
        return None
    if _XML_BASE in names:
        return None
    tree: Any = builder.close()
    root: etree._Element = tree  # mappers use only what the elements of both libraries have
    return root


def _parse(markup: bytes) -> tuple[etree._Element | None, bool]:
    """Parse UTF-8; tell also whether a repair could find more."""
    parser = _parsers.parser
    try:
        tree = etree.fromstring(markup, parser)
    except etree.XMLSyntaxError:
        return None, True
    log = parser.error_log
    if not len(log):
        return tree, False
    if any(error.type == etree.ErrorTypes.ERR_NO_MEMORY for error in log):
        raise MemoryError  # what there is of the tree looks whole, and is not
    fatal = etree.ErrorLevels.FATAL
    damaged = len(log) >= _ERRORS_KEPT or any(
        error.level == fatal and error.type not in _HOPELESS for error in log
    )
    return tree, damaged


def _entries(tree: etree._Element) -> int:
    return sum(1 for _ in tree.iter("{*}item", "{*}entry"))
