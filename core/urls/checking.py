"""What is a URL of the web at all, in the spelling of browsers; everything else is refused."""

import re

import can_ada

MAX_URL_BYTES = 8 * 1024

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class RefusedUrl(ValueError):
    """A URL that cannot be a link; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def without_controls(url: str) -> str:
    """Return a URL without what can be in none: control characters, lone surrogates, spaces around it."""
    return _CONTROLS.sub("", url).strip()


def parsed_href(url: str) -> str:
    """Return a URL of any scheme as browsers spell it (https://url.spec.whatwg.org).

    Scheme and host are in lower case and in punycode, default ports, dot segments, backslashes and odd
    spellings of addresses are gone, and what must be escaped is.

    Raises:
        RefusedUrl: `too_long` or `not_a_url`.
    """
    # Nearly all are plain, and then at most there are spaces around them, which the parser takes off.
    if not (url.isascii() and url.isprintable()):
        url = without_controls(url)
        if len(url.encode()) > MAX_URL_BYTES:
            raise RefusedUrl("too_long")
    elif len(url) > MAX_URL_BYTES and len(url.strip()) > MAX_URL_BYTES:
        raise RefusedUrl("too_long")
    try:
        return can_ada.parse(url).href
    except ValueError:
        raise RefusedUrl("not_a_url") from None


def checked_href(url: str) -> str:
    """Return a URL of the web as `parsed_href` does.

    Raises:
        RefusedUrl: `too_long`, `not_a_url` or `not_http`.
    """
    href = parsed_href(url)
    if not href.startswith(("https://", "http://")):
        raise RefusedUrl("not_http")
    return href
