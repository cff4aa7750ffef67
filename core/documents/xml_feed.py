"""RSS 0.9x, 1.0 and 2.0 and Atom 0.3 and 1.0, mapped by one code path."""

from dataclasses import dataclass, field

from lxml import etree

from core.documents.links import Link, choose_alternate
from core.documents.markup import text_of
from core.documents.names import Names, local_name
from core.documents.newest import newest
from core.documents.opening import FEED_ROOTS
from core.documents.plain_item import read_plain
from core.documents.xml import read_xml
from core.documents.xml_entry import read_entry
from core.documents.xml_parts import Context, plain_title, read_link, read_person
from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument
from core.hints import PollHints, feed_hints

_ENTRIES = ("item", "entry")
_HINTS = frozenset({"ttl", "update_period", "update_frequency"})
_QUIET = frozenset({"skip_hours", "skip_days"})
_QUIET_LIMIT = 25
_DEEPEST = 10  # of channels and the like within each other


@dataclass(slots=True)
class _Head:
    """What a feed says about itself."""

    context: Context
    is_atom: bool
    title: str = ""
    link: str | None = None
    links: list[Link] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    quiet: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, name: str, element: etree._Element) -> None:
        if name == "title" and not self.title:
            self.title = plain_title(element, is_atom=self.is_atom)
        elif name == "link":
            if link := read_link(element, self.context):
                self.links.append(link)
            elif self.link is None:
                self.link = self.context.resolve(element, text_of(element))
        elif name == "author" and self.is_atom:
            self.authors.append(read_person(element, self.context))
        elif name in _HINTS:
            self.hints[name] = text_of(element)
        elif name in _QUIET:
            self.quiet[name] = tuple(text_of(child) for child in element[:_QUIET_LIMIT])

    def poll_hints(self) -> PollHints | None:
        """Return what the feed says of how often to look at it, if anything."""
        if not self.hints and not self.quiet:
            return None
        return feed_hints(
            ttl=self.hints.get("ttl", ""),
            update_period=self.hints.get("update_period", ""),
            update_frequency=self.hints.get("update_frequency", ""),
            skip_hours=self.quiet.get("skip_hours", ()),
            skip_days=self.quiet.get("skip_days", ()),
        )


def parse_xml_feed(document: Document) -> ParsedDocument:
    """Read a feed of any XML format; entries are in document order.

    An entry that is cut off by the end of the document is left out: its link may be cut too. Of more than
    10,000 entries the newest are read, and the document counts as incomplete.

    Raises:
        UnreadableDocument: `empty`, `not_a_feed` or `broken`.
    """
    xml = read_xml(document)
    root = xml.root
    name = local_name(root.tag)
    if name not in FEED_ROOTS:
        raise UnreadableDocument("broken", f"its root element is <{name[:60]}>, not a feed's")
    names = Names(str(root.tag))
    context = Context(names=names, url=document.url, markup=xml.markup, known=document.known)
    head = _Head(context, is_atom=name == "feed")
    elements = _read_containers(root, head)
    if elements and xml.is_cut_off(elements[-1]):
        elements.pop()
    # An entry of Atom without author has those of the feed (RFC 4287, 4.2.1).
    author = ", ".join(dict.fromkeys(filter(None, head.authors))) or None
    chosen = newest(elements, lambda element: _date_of(element, context))
    entries = (_read_entry(element, context, author) for element in chosen)
    return ParsedDocument(
        kind="feed",
        title=head.title,
        site_url=head.link or choose_alternate(head.links),
        entries=tuple(entry for entry in entries if entry is not None),
        hints=head.poll_hints(),
        complete=xml.is_whole and len(chosen) == len(elements),
    )


def _read_entry(element: etree._Element, context: Context, author: str | None) -> Entry | None:
    plain = read_plain(element, context) if author is None and context.names[element.tag] == "item" else None
    return plain or read_entry(element, context, author)


def _date_of(element: etree._Element, context: Context) -> int | None:
    entry = read_entry(element, context, None)
    return None if entry is None else entry.published_ms


def _read_containers(root: etree._Element, head: _Head) -> list[etree._Element]:
    """Fill the head and list the elements of entries, which RSS 1.0 puts outside of its channel."""
    elements: list[etree._Element] = []
    _read_container(root, head, elements, _DEEPEST)
    # Wrapped by something unknown, or in a namespace of their own.
    return elements or [element for element in root.iter() if local_name(element.tag) in _ENTRIES]


def _read_container(
    container: etree._Element, head: _Head, elements: list[etree._Element], levels: int
) -> None:
    names = head.context.names
    for child in container:
        name = names[child.tag]
        if name in _ENTRIES:
            elements.append(child)
        elif name == "container" and levels:
            _read_container(child, head, elements, levels - 1)
        elif name:
            head.read(name, child)
