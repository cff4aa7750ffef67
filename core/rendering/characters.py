"""Characters that a post must not hold, and those that Telegram would take away anyway."""

import re
import unicodedata
from urllib.parse import quote

# What is deleted: controls; what turns the direction of text around, so that it can imitate another;
# marks of byte order and of annotations; halves of pairs; non-characters; the places of inserted texts.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u0333\u033f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\ue000\ue001]+"
)
_LINE_ENDS = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")
_RING = "\u030a"
# Combining marks of all scripts that pile them up on purpose; living languages need four at most.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06dc\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0f84\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
PILED_MARKS = re.compile(f"(?<=[{_MARKS}]{{4}})[{_MARKS}]+")
"""Marks behind four others."""


def as_shown(url: str) -> str:
    """Return an address that leads to the same place, with what no post may hold escaped (RFC 3986, 2.1)."""
    if url.isascii() and url.isprintable():
        return url
    return _UNWANTED.sub(lambda found: quote(found[0], errors="replace"), _LINE_ENDS.sub("", url))


def clean(text: str) -> str:
    """Return text without what no post may hold; white space stays, line ends become newlines."""
    if text.isascii() and text.isprintable():
        return text
    if _RING in text:  # Telegram deletes it, though many names are written with it
        text = unicodedata.normalize("NFC", text).replace(_RING, "")
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
