"""What a post is recognised by: the same for what was sent and for what Telegram shows of it.

Telegram changes a text on its way: it cuts blanks at the ends, makes controls spaces, and deletes some signs
(https://core.telegram.org/tdlib, `clean_input_string`). Of a link it writes scheme and host in lower case and
adds the path `/`. None of that counts here.
"""

import re
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import unquote

_DOES_NOT_COUNT = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\xad\u030a\u0333\u033f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\uffff\U000e0000-\U000e0fff]+"
)
_ORIGIN = re.compile(r"(?:[a-z]+://)?([^/?#]*)/?", re.IGNORECASE)


def fingerprint(text: str, links: Iterable[str]) -> str:
    """Return 64 hexadecimal digits that stand for a message.

    Args:
        text: The whole text (or caption), as sent or as Telegram shows it.
        links: The `url` of each entity of the type `text_link`, in any order, repeated or not. What
            Telegram finds in the text by itself (`url`, `mention` and so on) does not belong here.
    """
    seen = sorted({_canonical(link) for link in links})
    parts = (_DOES_NOT_COUNT.sub("", text), *seen)
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def _canonical(link: str) -> str:
    """Without scheme, case, escapes, and the slash behind a host."""
    return _DOES_NOT_COUNT.sub("", unquote(_ORIGIN.sub(r"\1/", link, count=1))).lower()
