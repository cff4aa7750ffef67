"""Addresses that Telegram makes links of, and nothing else: it drops others without a word."""

import re
from functools import lru_cache

from core.documents.links import resolve

LONGEST = 2_048
LONGEST_OF_ALL = 8_192
"""Of the address of the post itself; the store takes no longer ones."""
# Stricter than browsers, as Telegram is: two slashes, a host with a dot, no port 0.
_LAST_PORT = 65_535
_LINKABLE = re.compile(
    r"https?://(?:[^\s/?#@\\]*@)?(?=[^/?#:]*\.)[\w.~!$&'()*+,;=-]+(?::0*(?P<port>[1-9]\d{0,8}))?(?:[/?#].*)?",
    re.IGNORECASE,
)


def is_linkable(url: str) -> bool:
    """Tell whether Telegram takes an address as it stands for the target of a link or of a button."""
    found = _LINKABLE.fullmatch(url)
    return found is not None and int(found["port"] or 1) <= _LAST_PORT


@lru_cache(maxsize=256)
def link_target(base: str, reference: str) -> str | None:
    """Return where a reference leads from a base address, or None where no link may lead.

    That is all but http and https with a host that has a dot: `javascript:`, `data:`, `tg:` (which would
    call people into the chat), `mailto:`; and addresses of more than 2,048 characters but the base itself.
    """
    if len(reference) > LONGEST_OF_ALL:
        return None
    url = resolve(base, reference)
    longest = LONGEST_OF_ALL if reference == base else LONGEST
    return url if url is not None and len(url) <= longest and is_linkable(url) else None
