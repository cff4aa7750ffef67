"""The key under which history knows a link. It is compared, never published."""

import re
from collections.abc import Container
from functools import lru_cache

import can_ada

from core.urls.checking import MAX_URL_BYTES, RefusedUrl, parsed_href, without_controls
from core.urls.dropping import without_dropped
from core.urls.escapes import one_spelling
from core.urls.places import Place, place_of
from core.urls.rules import RULES_VERSION
from core.urls.wrappers import carried_within

__all__ = ["MAX_URL_BYTES", "RULES_VERSION", "RefusedUrl", "host_of", "normalize", "without_secrets"]

_SESSION = re.compile(r";jsessionid=[^/;]*|(?<=/)\(S\([a-z0-9]{24}\)\)/", re.IGNORECASE)
_OF_READERS = re.compile(r"(?:xtor|utm_\w+)=")
_NOWHERE = ("", "!", "/", "!/")
# An escape that has to be one; the letters of most alphabets take two.
_ESCAPE = r"%(?:[CD][0-9A-F]%[89AB][0-9A-F]|[89A-F][0-9A-F]|2[0-9A-CF]|3[A-F])"
# What most addresses look like as a browser spells them: nothing in them is odd. Loops are possessive.
_PLAIN = re.compile(
    r"https?://([^/:@]{1,255}+)"
    rf"(/[^%?#;(\[\]\\^`{{|}}]*+(?:{_ESCAPE}[^%?#;(\[\]\\^`{{|}}]*+)*+)"
    rf"(?:\?([^%#\[\]\\^`{{|}}]*+(?:{_ESCAPE}[^%#\[\]\\^`{{|}}]*+)*+))?+"
    r"(?:#(?:[^!/].*)?)?"
)
# And what they look like as given, where no browser would spell them otherwise: but for their hosts, and for
# segments that begin with a dot, which are looked at apart.
_IN_PATH = "[A-Za-z0-9/._~!$&'*+,=:@)-]*+"
_IN_QUERY = "[A-Za-z0-9/?._~!$&()*+,;=:@-]*+"
_PLAIN_AS_GIVEN = re.compile(
    r"https?://([a-z0-9._-]{1,255}+)"
    rf"(/{_IN_PATH}(?:{_ESCAPE}{_IN_PATH})*+)"
    rf"(?:\?({_IN_QUERY}(?:{_ESCAPE}{_IN_QUERY})*+))?+"
    r"(?:#(?:[\"-.0-~].*)?)?"
)
_SURELY_SHORT = MAX_URL_BYTES // 4  # in any encoding
_LONGEST_HOST = 255
_MOST_PASSES = 8


def normalize(url: str, *, fragments: bool = False, allow_hosts: Container[str] = ()) -> str:
    """Return the key of a link: what stays the same however it was decorated on its way.

    docs/links.md lists the rules. Path case, parameters that may mean something and their order, trailing
    slashes and `www.` stay, but for sites that are known to read them otherwise.

    Args:
        url: as it was given, in any spelling that a browser takes.
        fragments: whether what follows `#` tells entries apart; otherwise only those of `#!` and `#/` do.
        allow_hosts: names without a dot that may be linked to nevertheless.

    Raises:
        RefusedUrl: `too_long`, `not_a_url`, `not_http`, `no_host` or `no_dot`.
    """
    key = None if fragments else _as_given(url)
    if key is not None:
        return key
    href = parsed_href(url)
    key = None if fragments else _as_spelled(href)
    return _in_passes(href, fragments=fragments, allow_hosts=allow_hosts) if key is None else key


def _as_given(url: str) -> str | None:
    """Do what is to do for most addresses, spelled as browsers do; None where more may be needed."""
    plain = _PLAIN_AS_GIVEN.fullmatch(url)
    if plain is None or "/." in url or len(url) > _SURELY_SHORT:
        return None
    host, page, query = plain.groups()
    place = _plain_place(host)
    return None if place is None else _key(place, page, query)


def _as_spelled(href: str) -> str | None:
    """Do the same for most others, of which the parser made this."""
    plain = _PLAIN.fullmatch(href)
    if plain is None:
        return None
    host, page, query = plain.groups()
    place = place_of(host)
    key = _key(place, page, query) if place.is_plain else None
    return None if key is None or len(key) > MAX_URL_BYTES else key


@lru_cache(maxsize=4_096)
def _plain_place(host: str) -> Place | None:
    """Look up a host as it was given; None for one that browsers would spell otherwise, or may refuse."""
    try:
        spelled = can_ada.parse(f"https://{host}/").href == f"https://{host}/"
    except ValueError:
        return None
    return place if spelled and (place := place_of(host)).is_plain else None


def _key(place: Place, page: str, query: str | None) -> str | None:
    """Make the key of an address that is spelled well; None where it may carry another one.

    Sites that stand for others in full never lead back, so this comes to an end.
    """
    if query:
        if place.wraps and "http" in query.lower():
            return None
        query = without_dropped(query, place.dropped)
        if query:
            page = f"{page}?{query}"
    if place.pages:
        page = place.page(page)
        if not page.startswith("/"):
            return _as_given(page) or _as_spelled(parsed_href(page))
    return f"https://{place.host}{page}"


def _in_passes(href: str, *, fragments: bool, allow_hosts: Container[str]) -> str:
    """Apply the rules until nothing is left for them; mostly once."""
    for _ in range(_MOST_PASSES):
        if not href.startswith(("https://", "http://")):
            raise RefusedUrl("not_http")
        href, done = _one_pass(href, fragments=fragments, allow_hosts=allow_hosts)
        if len(href) > MAX_URL_BYTES:  # it grew by escaping, and goes over the wire at this length
            raise RefusedUrl("too_long")
        if done:
            return href
        key = None if fragments else _as_given(href)
        if key is not None:
            return key
        href = parsed_href(href)
        key = None if fragments else _as_spelled(href)
        if key is not None:
            return key
    raise RefusedUrl("not_a_url")  # nobody writes such a thing but to find out what happens


def _one_pass(href: str, *, fragments: bool, allow_hosts: Container[str]) -> tuple[str, bool]:
    """Apply each rule once; also say whether none is left that could find something in the result."""
    scheme, _, rest = href.partition("://")
    rest, _, fragment = rest.partition("#")
    authority, _, tail = rest.partition("/")
    host = authority.rpartition("@")[2]
    place = _remembered(host)
    if not place.has_dot and place.host.partition(":")[0] not in allow_hosts:
        raise RefusedUrl("no_dot")
    given, _, query = one_spelling(tail).partition("?")
    if place.wraps:
        for name in dict.fromkeys((host, place.host)):
            target = carried_within(f"{scheme}://{name}/{given}?{query}")
            if target is not None:
                return target, False
    path = _SESSION.sub("", f"/{given}")[1:] if ";" in given or "(" in given else given
    if query:
        query = without_dropped(query, place.dropped)
    page = place.page(f"/{path}?{query}" if query else f"/{path}")
    if not page.startswith("/"):
        return page, False
    if fragment:
        page += _kept(fragment, fragments=fragments)
    if not place.has_port:
        scheme = "https"
    return f"{scheme}://{place.host}{page}", given == path and not place.is_renamed


def _remembered(host: str) -> Place:
    # A name has 253 characters at most; what is longer is not worth the memory.
    return place_of(host) if len(host) <= _LONGEST_HOST else place_of.__wrapped__(host)


def _kept(fragment: str, *, fragments: bool) -> str:
    """Return what is kept of a fragment: of pages that scripts make by it, or of any if that is asked for."""
    fragment = fragment.partition(":~:")[0]  # https://wicg.github.io/scroll-to-text-fragment/
    if not fragment.startswith(("!", "/")) and (not fragments or _OF_READERS.match(fragment)):
        return ""
    return "" if fragment in _NOWHERE else f"#{one_spelling(fragment)}"


def host_of(url: str) -> str:
    """Return the host of a URL for people to read, or an empty string."""
    try:
        parsed = can_ada.parse(without_controls(url))
    except ValueError:
        return ""
    host: str = parsed.hostname
    return host.removeprefix("www.")


def without_secrets(url: str) -> str:
    """Return a URL with its credentials and query hidden, fit for logs and for other people's eyes."""
    try:
        parsed = can_ada.parse(without_controls(url))
    except ValueError:
        return "(not a URL)"
    parsed.username = ""
    parsed.password = ""
    parsed.hash = ""
    had_query = bool(parsed.search)
    parsed.search = ""
    shown: str = parsed.href
    return f"{shown}?…" if had_query else shown
