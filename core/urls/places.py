"""What is known of one host, looked up once and then remembered."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from core.urls.checking import RefusedUrl
from core.urls.dropping import dropping
from core.urls.sites import MOBILE_WIKIS, SITES, Site
from core.urls.wrappers import may_wrap, wraps_by_path

_REMEMBERED = 4_096
_PAGES_ABOVE = "*."
_HOST = re.compile(r"(?P<name>\[[^]]+\]|[^.:]+(?:\.[^.:]+)*)\.?(?P<port>(?::\d+)?)")


@dataclass(frozen=True, slots=True)
class Place:
    """What holds for all URLs of one host."""

    host: str
    """The name that stands for it, with its port."""
    dropped: re.Pattern[str]
    """Finds the parameters without a meaning."""
    pages: tuple[tuple[re.Pattern[str], str], ...] = ()
    wraps: bool = False
    has_dot: bool = True
    """Also true for addresses; false for names of a local network."""
    has_port: bool = False
    is_plain: bool = False
    """Whether addresses there can be read in one go, but for wrappers that carry theirs in the query."""
    is_renamed: bool = False
    """Whether other rules may hold for the name that stands for it."""

    def page(self, address: str) -> str:
        """Return what stands for a path with its query: another one, a whole address, or the same."""
        for pattern, template in self.pages:
            found = pattern.fullmatch(address)
            if found is not None:
                page = template.format(*found.groups(""))
                return _without_empty_pairs(page) if "&" in page else page
        return address


def _without_empty_pairs(page: str) -> str:
    path, _, query = page.partition("?")
    query = "&".join(filter(None, query.split("&")))
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=_REMEMBERED)
def place_of(host: str) -> Place:
    """Look up a host, spelled as browsers do. One with a port is a site of its own.

    Raises:
        RefusedUrl: `no_host`.
    """
    site = _sites().get(host)
    place = _below(host) if site is None else _standing_for(site)
    if place is not None:
        return place
    found = _HOST.fullmatch(host)
    if found is None:
        raise RefusedUrl("no_host")
    name, port = found["name"], found["port"]
    wraps, has_dot = may_wrap(host), "." in name or name.startswith("[")
    return Place(
        name + port,
        _everywhere(),
        wraps=wraps,
        has_dot=has_dot,
        has_port=bool(port),
        is_plain=has_dot and not wraps_by_path(host) and host == name,
        is_renamed=host != name + port,
    )


def _below(host: str) -> Place | None:
    """Find the site that a host belongs to without being one of its names."""
    for ending in MOBILE_WIKIS:
        if host.endswith(ending):
            return place_of(host.removesuffix(ending) + ending.removeprefix(".m"))
    parent = host
    while "." in parent:
        parent = parent.partition(".")[2]
        site = _sites().get(_PAGES_ABOVE + parent)
        if site is not None:
            known = _standing_for(site)
            return Place(host, known.dropped, known.pages, wraps=may_wrap(host), is_plain=True)
    return None


@cache
def _sites() -> dict[str, Site]:
    return {name: site for site in SITES for name in site.hosts.split()}


@cache
def _standing_for(site: Site) -> Place:
    """Return what holds for all names of a site; its patterns are compiled when the first link comes."""
    names = site.hosts.split()
    return Place(
        names[0],
        dropping(site.words) if site.words else _everywhere(),
        tuple((re.compile(pattern), template) for pattern, template in site.pages),
        wraps=any(map(may_wrap, names)),
        is_plain=True,
    )


@cache
def _everywhere() -> re.Pattern[str]:
    return dropping()
