"""JSON-LD as pages have it: of all shapes, and mended where it is plain what was meant."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

Node = dict[str, Any]
"""An object of JSON-LD; numbers in it are `Number`, which is a string."""


class Number(str):
    """A number as it was written: one of 5,000 digits costs nothing, and 0.10 stays so."""

    __slots__ = ()


_MOST_NODES = 2_000
_DEEPEST = 20
_MOST_MENDED = 200_000  # characters of a page: to mend costs a microsecond each
_DECODER = json.JSONDecoder(strict=False, parse_int=Number, parse_float=Number, parse_constant=lambda _: None)
# A property may be named in full: "schema:name", "http://schema.org/name".
_FULL_NAME = re.compile(r'"(?:schema:|https?://(?:www\.)?schema\.org/)([A-Za-z]+"\s*+:)')
# Between two values, and around all of them: white space, separators, and the wrappings of scripts.
_BETWEEN = re.compile(
    r"(?:[\s,;\ufeff\x00]++|<!--|-->|//\s*+<!\[CDATA\[|//\s*+\]\]>|/\*\s*+<!\[CDATA\[\s*+\*/"
    r"|/\*\s*+\]\]>\s*+\*/|<!\[CDATA\[|\]\]>)*+"
)
_NOTHING_BETWEEN = frozenset({"{", "[", ""})
_MEND = re.compile(
    r'(?P<string>"(?:[^"\\]++|\\.)*+"?)|(?P<comment>/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?|//[^\n]*+)'
    r"|(?P<cdata><!\[CDATA\[|\]\]>|<!--|-->)|(?P<comma>,)|(?P<open>[{\[])|(?P<close>[}\]])"
    r"|(?P<space>[\s\x00]++)|(?P<other>(?:[^\"/<\],{\[}\s\x00-]++|-(?!->))++|.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9A-Fa-f]{4})|(.?))', re.DOTALL)


def read_json_ld(blocks: Iterable[str]) -> list[Node]:
    """Give the objects that scripts hold at their top, members of `@graph` and of lists among them.

    Broken are mended trailing and missing commas, comments, CDATA, escapes that JSON does not have,
    entities of HTML in place of quotes, brackets that were never closed; of what cannot be mended the
    values before the mistake count.
    """
    nodes: list[Node] = []
    budget = _MOST_MENDED
    for text in blocks:
        full = '"schema:' in text or (
            "schema.org/" in text and ('schema.org/name"' in text or 'schema.org/headline"' in text)
        )
        block = _FULL_NAME.sub(r'"\1', text) if full else text
        values, complete = _decode(block)
        if not complete and len(block) <= budget:
            budget -= len(block)
            values = _mended_values(block) or values
        nodes.extend(_nodes(values, _MOST_NODES - len(nodes)))
    return nodes


def _mended_values(text: str) -> list[Any]:
    if "&quot;" in text or "&#34;" in text:
        text = html.unescape(text)
    return _decode(_mended(text))[0]


def _decode(text: str) -> tuple[list[Any], bool]:
    values: list[Any] = []
    position = _behind(text, 0)
    while position < len(text) and len(values) < _MOST_NODES:
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return values, False
        values.append(value)
        position = _behind(text, position)
    return values, True


def _behind(text: str, position: int) -> int:
    if text[position : position + 1] in _NOTHING_BETWEEN:
        return position
    found = _BETWEEN.match(text, position)
    return found.end() if found else position


def _mended(text: str) -> str:
    """Write JSON again without what it does not know, in one pass."""
    pieces: list[str] = []
    opened: list[str] = []
    comma = False
    ended = False  # the last piece was the end of a value
    for token in _MEND.finditer(text):
        kind, said = token.lastgroup, token[0]
        if kind in ("space", "comment", "cdata"):
            continue
        if kind == "comma":
            comma = ended
            continue
        if kind == "close":
            if not opened or opened.pop() != said:
                break
            comma, ended = False, True
            pieces.append(said)
            continue
        if opened and (comma or (ended and kind in ("open", "string"))):
            pieces.append(",")
        comma, ended = False, kind == "string" or (kind == "other" and said != ":")
        if kind == "open":
            opened.append("}" if said == "{" else "]")
        pieces.append(_mended_string(said) if kind == "string" else said)
    return " ".join(pieces) + "".join(reversed(opened))


def _mended_string(text: str) -> str:
    inside = text[1:].removesuffix('"') if not text.endswith('\\"') or len(text) == 1 else text[1:]
    return (
        '"' + _ESCAPE.sub(lambda found: found[0] if found[1] else found[2].replace('"', '\\"'), inside) + '"'
    )


def _nodes(values: list[Any], most: int) -> Iterator[Node]:
    waiting = [(value, _DEEPEST) for value in reversed(values)]
    count = 0
    while waiting and count < most:
        value, levels = waiting.pop()
        if isinstance(value, dict):
            count += 1
            yield value
            if not (members := value.get("@graph")):
                continue
            value = members if isinstance(members, list) else [members]
        if isinstance(value, list) and levels:
            waiting += [(member, levels - 1) for member in reversed(value[:most])]
