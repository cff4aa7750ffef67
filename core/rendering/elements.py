"""What the elements of HTML mean in a post."""

import re
from collections.abc import Mapping

from core.rendering.rich import Kind
from core.text import is_blank

STYLES: Mapping[str, Kind] = {
    "b": "bold",
    "strong": "bold",
    "th": "bold",
    "dt": "bold",
    "summary": "bold",
    **{f"h{level}": "bold" for level in range(1, 7)},
    "i": "italic",
    "em": "italic",
    "cite": "italic",
    "dfn": "italic",
    "var": "italic",
    "figcaption": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
}
_PARAGRAPHS_NAMES = """
    p h1 h2 h3 h4 h5 h6 blockquote pre table figure details dl hr
"""
PARAGRAPHS = frozenset(_PARAGRAPHS_NAMES.split())
"""Elements with an empty line around them."""
_LINES_NAMES = """
    address article aside center dd div dt fieldset figcaption footer form header legend main nav
    option section summary tr caption
"""
LINES = frozenset(_LINES_NAMES.split())
"""Elements on lines of their own."""
LISTS = frozenset(("ul", "ol", "menu", "dir"))
CELLS = frozenset(("td", "th"))
BULLETS = ("• ", "◦ ", "▪ ")
INDENT = "\u00a0\u00a0"
RULE = "———"
_MOST_DIGITS = 6

_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?-|brush:\s*|highlight-source-)([A-Za-z][\w+#.-]{0,29})")
_SPOILERS = frozenset(("tg-spoiler", "spoiler", "md-spoiler-text"))
_NAME_OF_A_FILE = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|bmp|heic)", re.IGNORECASE)
_SAYS_NOTHING_NAMES = """
    image img photo picture thumbnail icon logo avatar foto картинка изображение фото
"""
_SAYS_NOTHING = frozenset(_SAYS_NOTHING_NAMES.split())
_LETTER_OR_SIGN = re.compile(r"[^\W\d_]|[\u2190-\u2bff\u3000-\u303f\U0001f000-\U0001faff]")

_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_CAN_BE_RAISED = re.compile(r"[0-9+=()n-]+")
_CAN_BE_LOWERED = re.compile(r"[0-9+=()-]+")


def raised(text: str) -> str:
    """Return digits as superscripts, anything else as it is."""
    return text.translate(_RAISED) if _CAN_BE_RAISED.fullmatch(text) else text


def lowered(text: str) -> str:
    """Return digits as subscripts, anything else as it is."""
    return text.translate(_LOWERED) if _CAN_BE_LOWERED.fullmatch(text) else text


def language_of(attributes: Mapping[str, str]) -> str | None:
    """Return the language of code, as highlighters write it into its class."""
    found = _LANGUAGE.search(attributes.get("class", ""))
    return None if found is None else found[1].lower()


def is_spoiler(attributes: Mapping[str, str]) -> bool:
    """Tell whether a `span` hides what it holds."""
    return not _SPOILERS.isdisjoint(attributes.get("class", "").split())


def words_of_picture(attributes: Mapping[str, str]) -> str:
    """Return the alternative text of a picture where it says something: no file name, no "image"."""
    said = " ".join(attributes.get("alt", "").split())
    empty = is_blank(said) or _NAME_OF_A_FILE.fullmatch(said) or said.lower() in _SAYS_NOTHING
    return "" if empty or not _LETTER_OR_SIGN.search(said) else said


def number(text: str | None, default: int) -> int:
    """Return a number of a list, or a default for what is none."""
    digits = (text or "").strip()
    sign, bare = (-1, digits[1:]) if digits.startswith("-") else (1, digits)
    if not (bare.isascii() and bare.isdigit() and len(bare) <= _MOST_DIGITS):
        return default
    return sign * int(bare)
