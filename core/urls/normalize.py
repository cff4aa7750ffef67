"""The key under which history knows a link. It is compared, never published."""

import re

import can_ada

RULES_VERSION = 1
MAX_URL_BYTES = 8 * 1024

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|gclsrc|dclid|wbraid|gbraid|yclid|ysclid|msclkid|mc_[ce]id|igshid|erid"
    r"|_openstat|vero_id|mkt_tok|oly_anon_id|oly_enc_id|rb_clickid|s_cid|twclid|ttclid)",
    re.IGNORECASE,
)


class RefusedUrl(ValueError):
    """A URL that cannot be a link; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def normalize(url: str) -> str:
    """Return the key of a link: what stays the same however it was decorated on its way.

    The parser is the browsers' own (https://url.spec.whatwg.org), so scheme and host case, default
    ports, dot segments, backslashes and odd spellings of addresses are already one. On top of it,
    credentials, tracking parameters and fragments go (a `#!` fragment makes the page and stays);
    path case, other parameters and their order, and trailing slashes mean something and stay.

    Raises:
        RefusedUrl: `too_long`, `not_a_url`, `not_http` or `no_host`.
    """
    text = _CONTROLS.sub("", url).strip()
    if len(text.encode()) > MAX_URL_BYTES:
        raise RefusedUrl("too_long")
    try:
        parsed = can_ada.parse(text)
    except ValueError:
        raise RefusedUrl("not_a_url") from None
    if parsed.protocol not in ("http:", "https:"):
        raise RefusedUrl("not_http")
    if not parsed.hostname:
        raise RefusedUrl("no_host")
    parsed.username = ""
    parsed.password = ""
    if not parsed.hash.startswith("#!"):
        parsed.hash = ""
    parsed.search = _without_tracking(parsed.search)
    key: str = parsed.href
    if len(key) > MAX_URL_BYTES:  # it grew by escaping, and goes over the wire at this length
        raise RefusedUrl("too_long")
    return key


def _without_tracking(search: str) -> str:
    kept = [
        pair
        for pair in search.removeprefix("?").split("&")
        if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    ]
    # The parser takes one question mark off; another one may be part of the query.
    return "?" + "&".join(kept) if kept else ""


def host_of(url: str) -> str:
    """Return the host of a URL for people to read, or an empty string."""
    try:
        parsed = can_ada.parse(_CONTROLS.sub("", url).strip())
    except ValueError:
        return ""
    host: str = parsed.hostname
    return host.removeprefix("www.")


def without_secrets(url: str) -> str:
    """Return a URL with its credentials and query hidden, fit for logs and for other people's eyes."""
    try:
        parsed = can_ada.parse(_CONTROLS.sub("", url).strip())
    except ValueError:
        return "(not a URL)"
    parsed.username = ""
    parsed.password = ""
    parsed.hash = ""
    had_query = bool(parsed.search)
    parsed.search = ""
    shown: str = parsed.href
    return f"{shown}?…" if had_query else shown
