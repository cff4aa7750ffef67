"""HTML pages of strangers as a tree: decoded as browsers do, bounded before the parser sees them."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from core.documents.charset import to_utf8
from core.documents.links import is_web, resolve
from core.documents.opening import looks_like_json, opening
from core.documents.text import BREAKING, one_line
from core.entries import Document
from core.errors import UnreadableDocument

_MOST_BYTES = 4_000_000
_MOST_TAGS = 60_000
# Lexbor takes square time for depth and for attributes, and a page of b elements left open in blocks
# becomes a tree of square size (HTML, 13.2.4.3): a page has never more of these than
_DEEPEST = 400
_MOST_FORMATS = 16
_LONGEST_TAG = 4_000
_MOST_ATTRIBUTES = 256

_TOKEN = re.compile(
    rb"<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?"
    rb"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)\b[^>]*+>"
    rb"|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,40})(?P<rest>[^<>\"']*+(?:\"[^\"]*+\"?|'[^']*+'?|[^<>\"'])*+)>?",
    re.IGNORECASE,
)
_QUOTED = re.compile(rb"\"[^\"]*+\"|'[^']*+'")
_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
# They end by themselves where the next one begins.
_SELF_ENDING = frozenset(
    b"p li dt dd tr td th tbody thead tfoot option optgroup rp rt html head body".split()
)
_FORMATS = frozenset(b"b big code em font i nobr s small strike strong tt u".split())
_FORMAT_TAG = re.compile(
    rb"</?(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?:\s[^<>]*+)?>", re.IGNORECASE
)
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
    bounded, complete = _bounded(markup)
    tree = LexborHTMLParser(bounded)
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


def _bounded(markup: bytes) -> tuple[bytes, bool]:
    """Cut markup where it becomes absurd, and tell whether nothing was cut off. Takes linear time."""
    scan = _Scan()
    end = scan.run(markup)
    pieces, position = [], 0
    for start, stop in scan.dropped:
        pieces.append(markup[position:start])
        position = stop
    kept = b"".join([*pieces, markup[position:end]])
    if scan.most_formats > _MOST_FORMATS:
        kept = _FORMAT_TAG.sub(b"", kept)
    return kept, end == len(markup)


class _Scan:
    """One look at all tags: how deep they go, and which of them are too long."""

    def __init__(self) -> None:
        self.depth = 0
        self.open: dict[bytes, int] = {}
        self.formats = 0
        self.most_formats = 0
        self.dropped: list[tuple[int, int]] = []

    def run(self, markup: bytes) -> int:
        """Return where to cut."""
        position = 0
        for _ in range(_MOST_TAGS):
            token = _TOKEN.search(markup, position)
            if token is None:
                return len(markup)
            position = token.end()
            if token["raw"] is not None:
                end = re.compile(rb"</" + token["raw"] + rb"\b", re.IGNORECASE).search(markup, position)
                position = len(markup) if end is None else end.start() + 2
            elif token["name"] is not None and not self._take(token):
                return token.start()
        return position

    def _take(self, token: re.Match[bytes]) -> bool:
        """Count a tag; False where it would lie too deep."""
        name = token["name"].lower()
        if len(token["rest"]) > _LONGEST_TAG and _attributes(token["rest"]) > _MOST_ATTRIBUTES:
            self.dropped.append(token.span())
            return True
        step = -1 if token["close"] else 1
        if name in _FORMATS:
            self.formats = max(0, self.formats + step)
            self.most_formats = max(self.most_formats, self.formats)
        elif name not in _VOID and name not in _SELF_ENDING and not token["rest"].endswith(b"/"):
            opened = self.open.get(name, 0)
            if opened or step > 0:  # an end of what never began leads nowhere up
                self.open[name] = opened + step
                self.depth += step
        return self.depth <= _DEEPEST


def _attributes(rest: bytes) -> int:
    return len(_QUOTED.sub(b"", rest).split())
