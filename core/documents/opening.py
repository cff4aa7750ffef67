"""The first bytes of a document: what it is, and where it really begins."""

import re
from dataclasses import dataclass

FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})

_JUNK_BYTES = 16_384
# Each beginning that is none may cost a look at what follows: together they cost no more than a document.
_MOST_STARTS = 32
_LONGEST_PROLOG = 256 * 1024
_SPACE = re.compile(rb"[\s\x00\xef\xbb\xbf]*+")
_PROLOG = re.compile(
    rb"<\?[^?]*+(?:\?(?!>)[^?]*+)*+\?>"
    rb"|<!--[^-]*+(?:-(?!->)[^-]*+)*+-->"
    rb"|<!DOCTYPE(?P<type>[^\[<>]*+)(?:\[[^\]]*+(?:\](?!\s*>)[^\]]*+)*+\]\s*)?>",
    re.IGNORECASE,
)
_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})")
_REAL_START = re.compile(
    rb"<\?xml\b|<rss\b|<feed\b|<rdf:RDF\b|<(?:[\w.-]{1,30}:)(?:rss|feed)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Root:
    """The root element of a markup document."""

    name: str
    """Local name in lower case."""
    start: int
    """Offset of its tag in the bytes that were looked at."""


def find_root(body: bytes) -> Root | None:
    """Find the root element of a document in an ASCII-compatible charset.

    The prolog is passed over, document type declarations and so all entities included; junk before
    `<?xml`, `<rss`, `<feed` or `<rdf:RDF` too, if it is no longer than 16 KB.
    """
    position, first, starts = 0, None, 0
    while True:
        position = _skip_space(body, position)
        if prolog := _PROLOG.match(body, position, position + _LONGEST_PROLOG):
            if (prolog["type"] or b"").split()[:1] in ([b"html"], [b"HTML"]):
                return Root("html", position)
            position = prolog.end()
            continue
        tag = _TAG.match(body, position)
        root = Root(tag[1].decode("ascii", "replace").lower(), position) if tag else None
        if root is not None and (root.name in FEED_ROOTS or root.name == "html"):
            return root
        first = first or root
        start = _REAL_START.search(body, position + 1, _JUNK_BYTES)
        starts += 1
        if start is None or starts > _MOST_STARTS:
            return first
        position = start.start()


def opening(body: bytes) -> bytes:
    """Give the first bytes of a document of any charset in a form that `find_root` can read."""
    head = body[:_JUNK_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00{", b"{\x00")):
        head = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\x00", b"")
    return head


def looks_like_json(body: bytes) -> bool:
    """Tell whether the first character is one with which a JSON object or array begins."""
    start = _skip_space(body, 0)
    return body[start : start + 1] in (b"{", b"[")


def _skip_space(body: bytes, position: int) -> int:
    space = _SPACE.match(body, position)
    return space.end() if space else position
