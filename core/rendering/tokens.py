"""HTML of any quality as a stream of tokens, in linear time, whatever it holds.

It follows the tokenizer of browsers (https://html.spec.whatwg.org/multipage/parsing.html#tokenization) in all
that shows. There is no tree: it would cost more than all the rest (bench/rendering.py), and trees of hostile
markup have square size.
"""

import html
import re
from collections.abc import Iterator, Mapping
from itertools import islice

Token = tuple[str, str, Mapping[str, str]]
"""A name, a text, attributes. The name is empty for text, `a` for `<a>`, `/a` for `</a>`."""

MOST_CHARACTERS = 256 * 1024
MOST_TOKENS = 20_000
_MOST_ATTRIBUTES = 32
_LONGEST_TAG = 16_384
_LONGEST_NAME = 20

_TOKEN = re.compile(
    r"[^<]++"
    r"|<!--(?:(?s:.*?)-->|(?s:.*))"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<rest>(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?)*+)(?P<close>>|\Z)"
    r"|<[!?/][^>]*+(?:>|\Z)"
    r"|<"
)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++)))?")
_READ_FOR_ATTRIBUTES_NAMES = """
    a code img li ol pre span
"""
_READ_FOR_ATTRIBUTES = frozenset(_READ_FOR_ATTRIBUTES_NAMES.split())
_SKIPPED_NAMES = """
    audio canvas iframe noembed noframes noscript object script select style svg template textarea
    title video xmp
"""
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
"""Elements of which nothing is shown."""
_TO_THE_END = frozenset(("script", "style"))
_NONE: Mapping[str, str] = {}
# Python refuses to read numbers of more than 4,300 digits; no character has more than seven.
_NO_CHARACTER = re.compile(r"&#0*[0-9]{8,}+;?|&#[xX]0*[0-9A-Fa-f]{7,}+;?")


def tokens(markup: str) -> Iterator[Token]:
    """Yield the tokens of markup, up to 256 Ki characters or 20,000 tokens. Never raises."""
    markup = markup[:MOST_CHARACTERS]
    unclosed: set[str] = set()
    place = 0
    for _ in range(MOST_TOKENS):
        found = _TOKEN.match(markup, place)
        if found is None:
            return
        place = found.end()
        name = found["name"]
        if name is None:
            if not found[0].startswith("<") or found[0] == "<":
                yield "", decode(found[0]), _NONE
            continue
        name = name.lower()[:_LONGEST_NAME]
        if not found["close"]:
            return
        if found["end"]:
            yield f"/{name}", "", _NONE
        elif name in _SKIPPED:
            place = _behind(markup, name, place, unclosed)
        else:
            reads = name in _READ_FOR_ATTRIBUTES or (name == "div" and "highlight-" in found["rest"])
            yield name, "", attributes(found["rest"]) if reads else _NONE


def decode(text: str) -> str:
    """Return text with its character references decoded, once."""
    if "&" not in text:
        return text
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text))


def attributes(rest: str) -> dict[str, str]:
    """Return what stands in a tag behind its name; of two with one name the first counts."""
    found: dict[str, str] = {}
    for one in islice(_ATTRIBUTE.finditer(rest[:_LONGEST_TAG]), _MOST_ATTRIBUTES):
        found.setdefault(one[1].lower(), decode(one[2] or one[3] or one[4] or ""))
    return found


def _behind(markup: str, name: str, place: int, unclosed: set[str]) -> int:
    """Return where the markup goes on behind an element of which nothing is shown."""
    if name not in unclosed:
        end = re.compile(rf"</{name}(?=[\s/>])[^>]*+>?", re.IGNORECASE).search(markup, place)
        if end is not None:
            return end.end()
        unclosed.add(name)
    return len(markup) if name in _TO_THE_END else place
