"""A fingerprint by which a post is recognised when Telegram shows it again."""

import re
from collections.abc import Iterable
from hashlib import sha256

_VANISHING = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u0333\u033f\u030a\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""Characters that Telegram drops, or that nobody sees."""
_FRONT = re.compile(r"(?P<scheme>[a-z]+)://(?P<host>[^/?#]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


def fingerprint_of(text: str, urls: Iterable[str]) -> str:
    """Return the fingerprint of a message: the same for what was sent and for what came of it.

    Telegram trims a text, drops some characters of it or puts spaces in their place, and writes the host of
    an address in lower case with a slash behind it; none of that makes a difference here.

    Args:
        text: the whole text, or the caption.
        urls: the targets of its `text_link` entities, in their order.
    """
    seen = "".join(_VANISHING.sub("", text).split())
    return sha256("\n".join([seen, *map(_address, urls)]).encode(errors="replace")).hexdigest()


def _address(url: str) -> str:
    parts = _FRONT.fullmatch(url.strip())
    if parts is None:
        return url.strip()
    rest = parts["rest"] if parts["rest"].startswith("/") else f"/{parts['rest']}"
    return f"{parts['scheme'].lower()}://{parts['host'].lower()}{rest}"
