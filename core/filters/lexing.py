"""The text of rules, cut into words, signs, quoted texts and patterns."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.filters.problem import bad_rule
from core.filters.terms import Pattern
from core.languages import gettext as _

LONGEST = 4_000
_SIGNS = "=!~<>≤≥≠"
_SPACE = re.compile(r"[^\S\n]+")
_GROUPED = re.compile(
    r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?%?(?=[\s),;]|$)"
)  # a number with spaces between its thousands
_WORD = re.compile(rf"(?:[^\s(),;\"“”«»{_SIGNS}]|(?<=\d),(?=\d))+")
_SIGN = re.compile("!~|!=|<>|<=|>=|==|[=~<>≤≥≠]")
_SPELLINGS = {"<>": "!=", "==": "=", "≤": "<=", "≥": ">=", "≠": "!="}
_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»", "‘": "’"}  # noqa: RUF001 - as phones write them
_FLAGS = re.compile("[A-Za-z]*")

Kind = Literal["word", "text", "pattern", "sign", "(", ")", ",", "break", "end"]

_SINGLE: dict[str, Kind] = {"(": "(", ")": ")", ",": ",", "\n": "break", ";": "break"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One piece of a rule; a pattern comes with its flags."""

    kind: Kind
    text: str
    at: int
    pattern: Pattern | None = None


def tokens(text: str) -> Iterator[Token]:
    """Cut a text into its pieces; the last one is its end.

    Raises:
        BadRule: it is too long, holds a control character, or a quote or pattern has no end.
    """
    if len(text) > LONGEST:
        raise bad_rule(
            text, LONGEST, _("Rules may have {longest} characters together").format(longest=LONGEST)
        )
    for at, sign in enumerate(text):
        if unicodedata.category(sign) in ("Cc", "Cs") and not sign.isspace():
            raise bad_rule(text, at, _("This character cannot be in a rule"))
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
            continue
        token, at = _token(text, at)
        yield token
    yield Token(kind="end", text="", at=len(text))


def _token(text: str, at: int) -> tuple[Token, int]:
    sign = text[at]
    if sign in _SINGLE:
        return Token(kind=_SINGLE[sign], text=sign, at=at), at + 1
    if sign in _QUOTES:
        return _quoted(text, at)
    if sign == "/":
        return _pattern(text, at)
    found = _SIGN.match(text, at)
    if found:
        return Token(kind="sign", text=_SPELLINGS.get(found[0], found[0]), at=at), found.end()
    found = _GROUPED.match(text, at) or _WORD.match(text, at)
    if found is None:
        raise bad_rule(text, at, _("I do not know what “{sign}” means here").format(sign=sign))
    return Token(kind="word", text=found[0], at=at), found.end()


def _quoted(text: str, at: int) -> tuple[Token, int]:
    """Read up to the closing quote; a backslash takes the next character as it is. Spaces are one each."""
    closing = _QUOTES[text[at]]
    parts = []
    place = at + 1
    while place < len(text) and text[place] != closing:
        place += text[place] == "\\" and place + 1 < len(text)
        parts.append(text[place])
        place += 1
    if place >= len(text):
        raise bad_rule(text, at, _("This quote has no end"))
    return Token(kind="text", text=re.sub(r"\s+", " ", "".join(parts)), at=at), place + 1


def _pattern(text: str, at: int) -> tuple[Token, int]:
    """Read a pattern between slashes, one in it behind a backslash, and the letters that follow."""
    parts = []
    place = at + 1
    while place < len(text) and text[place] not in "/\n":
        pair = text[place : place + 2] if text[place] == "\\" else text[place]
        parts.append("/" if pair == "\\/" else pair)
        place += len(pair)
    if place >= len(text) or text[place] == "\n":
        raise bad_rule(text, at, _("This pattern has no end: it goes between two slashes, like /webinar/i"))
    flags = _FLAGS.match(text, place + 1)
    letters = flags[0] if flags else ""
    if letters not in ("", "i"):
        raise bad_rule(text, place + 1, _("The only letter behind a pattern is i: no matter how it is cased"))
    pattern = Pattern(text="".join(parts), ignore_case=bool(letters))
    return Token(kind="pattern", text=text[at : place + 1], at=at, pattern=pattern), place + 1 + len(letters)
