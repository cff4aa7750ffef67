"""HTML pages of strangers as a tree: decoded as browsers do, bounded before the parser sees them."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.documents.bounds import bounded
from core.documents.charset import to_utf8
from core.documents.links import is_web, resolve
from core.documents.opening import looks_like_json, opening
from core.documents.text import BREAKING, one_line
from core.entries import Document
from core.errors import UnreadableDocument

_MOST_BYTES = 4_000_000
_HIDDEN = frozenset({"script", "style", "template"})
_NOT_PLAIN = ", ".join(sorted(BREAKING | _HIDDEN))


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page."""

    tree: LexborHTMLParser
    url: str
    base: str
    """What relative links start from: the page's own address, or what it says in `<base>`."""
    title: str
    complete: bool
    """False where the page is larger than we look at."""

    def link(self, reference: str | None) -> str | None:
        """Make the target of a link absolute; None for what leads to no other page of the web."""
        if not reference or reference.lstrip().startswith("#"):
            return None
        url = resolve(self.base, reference)
        return url if url is not None and is_web(url) else None


def read_html(document: Document) -> Page:
    """Read an HTML page of any quality.

    Looked at are the first 4 MB and 60,000 tags, as deep as 400 elements.

    Raises:
        UnreadableDocument: `empty`, or `not_html` for what has no tag in it.
    """
    if not document.body or document.body.isspace():
        raise UnreadableDocument("empty", "the document has no content")
    markup = to_utf8(document.body[:_MOST_BYTES], document.content_type, is_html=True)
    if b"<" not in markup or looks_like_json(opening(document.body)):
        raise UnreadableDocument("not_html", "no markup")
    kept, complete = bounded(markup)
    tree = LexborHTMLParser(kept)
    title = tree.css_first("title")
    return Page(
        tree=tree,
        url=document.url,
        base=_base(tree, document.url),
        title="" if title is None else text_of(title),
        complete=complete and len(document.body) <= _MOST_BYTES,
    )


def text_of(node: LexborNode) -> str:
    """Give the text inside an element as one clean line; words of two blocks stay two words."""
    if node.css_first(_NOT_PLAIN) is None:
        return one_line(node.text(deep=True))
    pieces = []
    for part in node.traverse(include_text=True):
        before, parent = part.prev, part.parent
        if part.tag in BREAKING or (before is not None and before.tag in BREAKING):
            pieces.append(" ")
        if part.is_text_node and (parent is None or parent.tag not in _HIDDEN):
            pieces.append(part.text_content or "")
    return one_line("".join(pieces))


def _base(tree: LexborHTMLParser, url: str) -> str:
    base = tree.css_first("base[href]")
    href = resolve(url, base.attributes.get("href")) if base is not None else None
    return href if href is not None and is_web(href) else url
