"""Plain text: from HTML, measured and cut the way Telegram counts it."""

import re

from core.graphemes import boundary

ELLIPSIS = "…"

# Controls, and the marks that turn the direction of text around: they let a title imitate another.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2800\u3164\ufeff\uffa0\ufffc"
    r"\u030a\u0333\u033f"  # Telegram removes these three
    r"\U000e0000-\U000e007f]*"
)


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units (https://core.telegram.org/api/entities#entity-length)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Return text of at most `limit` UTF-16 units, cut between words, with an ellipsis where it was cut."""
    if utf16_length(text) <= limit:
        return text
    kept, used = 0, 1
    for character in text:
        used += 2 if character > "\uffff" else 1
        if used > limit:
            break
        kept += 1
    head = text[: boundary(text, kept)]
    before, space, _ = head.rpartition(" ")
    at_word = before if space and len(before) >= len(head) // 2 else head
    return at_word.rstrip(" ,.;:\n") + ELLIPSIS


def one_line(text: str) -> str:
    """Return text without line breaks, controls and direction marks."""
    return " ".join(_UNWANTED.sub("", text).split())


def is_blank(text: str) -> bool:
    """Return whether Telegram would see no text at all here."""
    return _INVISIBLE.fullmatch(text) is not None


def plain_text(html: str) -> str:
    """Return the readable text of HTML of any quality: references decoded once, blocks as lines."""
    from core.rendering.reading import read_summary  # which measures with this module

    lines = (
        _SPACES.sub(" ", _UNWANTED.sub("", line)).strip() for line in read_summary(html).text.split("\n")
    )
    return "\n".join(line for line in lines if line)
