"""One spelling for each escaped character, and none that a server reads otherwise."""

import re

_ODD_ESCAPE = re.compile(
    r"%(?:"
    r"[a-f][0-9A-Fa-f]|[0-9A-F][a-f]"  # hex digits in lower case
    r"|2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE]"  # letters, digits and -._~
    r"|(?![0-9A-Fa-f]{2})"  # a percent sign that escapes nothing
    r")"
)
_BARE = re.compile(r"[\[\]\\^`{|}]")  # no URI may hold these; browsers let some of them pass
_UNRESERVED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~")
_DIGITS = "0123456789ABCDEFabcdef"
_SPELLINGS = {
    "%": "%25",
    **{bare: f"%{ord(bare):02X}" for bare in "[]\\^`{|}"},
    **{
        f"%{high}{low}": character
        if (character := chr(int(high + low, 16))) in _UNRESERVED
        else f"%{high}{low}".upper()
        for high in _DIGITS
        for low in _DIGITS
    },
}


def one_spelling(text: str) -> str:
    """Escape what follows the host of a URL in the one way of RFC 3986, 6.2.2.

    Characters that never need an escape lose it, hex digits become upper case, and characters that no
    URI may hold get one. Reserved characters stay as they are: `%2F` is no slash.
    """
    # Asking for a sign is ten times cheaper than looking for all that may be odd about it.
    if "%" in text:
        text = _ODD_ESCAPE.sub(_spelled, text)
    return _BARE.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    return _SPELLINGS[found[0]]
