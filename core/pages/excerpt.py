"""The few bytes of a page that describe it: tags of its head, and JSON-LD wherever it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.documents.charset import to_utf8
from core.entries import Document

MOST_BYTES = 2 * 1024 * 1024
"""No more of a page is looked at."""

_MOST_TOKENS = 20_000
_MOST_TAGS = 1_000
_LONGEST_TAG = 128 * 1024
_MOST_BLOCKS = 30
_LONGEST_BLOCK = 512 * 1024
_MOST_PLUSES = 200_000
_NEAR_BYTES = 2_000  # so far before a script a comment that holds it is looked for
_SEPARATOR = b"\x1e"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")

# Within a tag a quote opens a value only behind "=" (HTML, 13.2.5.37); all loops are possessive, and what has
# no end reaches to the end of the page, so that the whole takes linear time.
_REST = rb"""\b[^>=]*+(?:=\s*+(?:"[^"]*+"?|'[^']*+'?)?[^>=]*+)*+"""
_TOKEN = re.compile(
    rb"<(?:!--(?:-?>|[^-]*+(?:-(?!->)[^-]*+)*+(?:-->)?)"
    rb"|(?P<script>[sS][cC][rR][iI][pP][tT]" + _REST + rb">?)"
    rb"(?P<code>[^<]*+(?:<(?!/[sS][cC][rR][iI][pP][tT])[^<]*+)*+)"
    rb"|[sS][tT][yY][lL][eE]\b[^<]*+(?:<(?!/[sS][tT][yY][lL][eE])[^<]*+)*+"
    rb"|(?P<title>[tT][iI][tT][lL][eE]\b[^<]*+(?:<(?!/[tT][iI][tT][lL][eE])[^<]*+)*+)"
    rb"|(?P<tag>(?:[mM][eE][tT][aA]|[lL][iI][nN][kK]|[bB][aA][sS][eE]|[hH][tT][mM][lL])" + _REST + rb")"
    rb"|(?P<end>/[hH][eE][aA][dD]\b|[bB][oO][dD][yY]\b))"
)
_END_OF_CODE = re.compile(rb"</[sS][cC][rR][iI][pP][tT]")
_QUOTED = re.compile(rb"\"[^\"]*+\"?|'[^']*+'?")
_FEW_BYTES = 4_000
_MOST_ATTRIBUTES = 64


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What of a page is worth reading, in UTF-8."""

    tags: bytes
    """Markup of `<html>`, `<base>`, `<title>`, `<meta>` and of those `<link>` that matter, and nothing else."""
    blocks: tuple[str, ...]
    """The JSON-LD, as it stands."""
    head_ended: bool


def excerpt(document: Document) -> Excerpt:
    """Cut out of a page's first 2 MiB what describes it.

    The charset is told as browsers tell it, from what was cut out. Takes linear time; of absurdly many
    tags the first 1,000 count. Never raises.
    """
    body, content_type = document.body[:MOST_BYTES], document.content_type
    if body.startswith(_WIDE):
        body, content_type = to_utf8(body, content_type, is_html=True), "text/html; charset=utf-8"
    tags, blocks, end = _scan(body)
    head_ended = end < len(body)
    if head_ended:
        blocks.extend(_blocks_behind(body, end))
    declared = body[: body.find(b"?>") + 2] if body[:6] == b"<?xml " else b""
    pieces = to_utf8(
        _SEPARATOR.join([declared + b"".join(tags), *blocks[:_MOST_BLOCKS]]), content_type, is_html=True
    ).split(_SEPARATOR)
    return Excerpt(pieces[0], tuple(piece.decode("utf-8", "replace") for piece in pieces[1:]), head_ended)


def _scan(body: bytes) -> tuple[list[bytes], list[bytes], int]:
    """Collect tags and JSON-LD of the head; where it says nothing at all, of the whole page.

    Returns:
        The tags, the JSON-LD, and where the head ends.
    """
    tags: list[bytes] = []
    blocks: list[bytes] = []
    says_something = False
    for count, token in enumerate(_TOKEN.finditer(body)):
        kind = token.lastgroup
        if kind == "tag":
            tag = token[kind]
            if tag[0] not in b"lL" or b"anonical" in tag or b"image_src" in tag:
                tags.append(b"<" + _bounded(tag) + b">")
        elif kind == "title":
            says_something = True
            tags.append(b"<" + token["title"][:_LONGEST_TAG] + b"</title>")
        elif kind == "code":
            if b"+json" in token["script"]:
                blocks.append(token["code"][:_LONGEST_BLOCK])
        elif kind == "end" and says_something:
            return tags, blocks, token.start()
        if count > _MOST_TOKENS or len(tags) >= _MOST_TAGS:
            return tags, blocks, token.end()
    return tags, blocks, len(body)


def _bounded(tag: bytes) -> bytes:
    """Give a tag that an HTML parser, which takes square time for attributes, can be shown."""
    if len(tag) < _FEW_BYTES:
        return tag
    if len(tag) > _LONGEST_TAG or len(_QUOTED.sub(b"", tag).split()) > _MOST_ATTRIBUTES:
        return b"meta"
    return tag


def _blocks_behind(body: bytes, start: int) -> Iterator[bytes]:
    """Yield the JSON-LD behind the head. The one rare character is found forty times faster than the word."""
    position, found = start, 0
    for _ in range(_MOST_PLUSES):
        position = body.find(b"+", position + 1)
        if position < 0 or found >= _MOST_BLOCKS:
            return
        if body[position - 2 : position + 5].lower() != b"ld+json" or not _opens(body, position):
            continue
        begin = body.find(b">", position, position + _FEW_BYTES) + 1
        end = _END_OF_CODE.search(body, begin)
        if begin and end is not None:
            yield body[begin : min(end.start(), begin + _LONGEST_BLOCK)]
            position, found = end.start(), found + 1


def _opens(body: bytes, position: int) -> bool:
    """Tell whether this is inside the tag of a script, and not commented out."""
    near = max(0, position - _NEAR_BYTES)
    tag = body.rfind(b"<", near, position)
    in_comment = body.rfind(b"<!--", near, position) > body.rfind(b"-->", near, position)
    return body[tag + 1 : tag + 7].lower() == b"script" and not in_comment
