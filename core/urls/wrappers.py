"""Addresses that only lead to other ones: those that carry their target, and those that must be asked."""

import re
from functools import lru_cache
from urllib.parse import unquote

from core.urls.checking import RefusedUrl, checked_href

MOST_WRAPPERS = 3

CARRIED = (
    "google.*/url q url",
    "news.google.com/news/url url",
    "plus.url.google.com/url q",
    "l.facebook.com/l.php u",
    "lm.facebook.com/l.php u",
    "www.facebook.com/l.php u",
    "facebook.com/l.php u",
    "m.facebook.com/l.php u",
    "www.facebook.com/flx/warn/ u",
    "l.instagram.com/ u",
    "l.messenger.com/l.php u",
    "l.threads.com/ u",
    "l.threads.net/ u",
    "l.wl.co/l u",
    "away.vk.com/away.php to",
    "vk.com/away.php to",
    "m.vk.com/away.php to",
    "m.vk.com/away to",
    "www.vk.com/away.php to",
    "vk.ru/away.php to",
    "t.umblr.com/redirect z",
    "out.reddit.com/* url",
    "exit.sc/ url",
    "www.youtube.com/redirect q",
    "youtube.com/redirect q",
    "m.youtube.com/redirect q",
    "*.safelinks.protection.outlook.com/* url",
    "www.linkedin.com/redir/redirect url",
    "www.linkedin.com/safety/go url",
    "steamcommunity.com/linkfilter/ url u",
    "slack-redir.net/link url",
    "duckduckgo.com/l/ uddg",
    "link.zhihu.com/ target",
    "link.juejin.cn/ target",
    "www.bing.com/news/apiclick.aspx url",
    "yandex.ru/turbo text",
    "www.awin1.com/cread.php ued",
    "click.linksynergy.com/deeplink murl",
    "go.redirectingat.com/ url",
    "go.skimresources.com/ url",
    "ad.admitad.com/* ulp",
    "alitems.com/* ulp",
    "s.click.aliexpress.com/deep_link.htm dl_target_url",
)
"""Host and path, then the parameters of which one holds the target.

`google.*` stands for its hosts in all countries, `*.` for what is below a host; a path that ends in `*` for
all that begin so.
"""

ASKED = """
    feedproxy.google.com/~r/ feeds.feedburner.com/~r/ rss.feedsportal.com/c/
    news.google.com/rss/articles/ news.google.com/articles/ news.google.com/read/
    news.google.com/__i/rss/rd/articles/
    t.co bit.ly bitly.com j.mp buff.ly ow.ly ht.ly lnkd.in dlvr.it trib.al vk.cc clck.ru goo.gl ift.tt
    tinyurl.com is.gd v.gd cutt.ly rebrand.ly t.ly shorturl.at snip.ly hubs.ly hubs.li u.to goo.su tiny.cc
    fb.me fb.watch pin.it flip.it db.tt spoti.fi spotify.link apple.co a.co amzn.to amzn.eu amzn.asia ebay.us
    nyti.ms wapo.st reut.rs bbc.in cnn.it econ.st on.ft.com on.wsj.com bloom.bg politi.co g.co
    vm.tiktok.com vt.tiktok.com b23.tv t.cn url.cn dwz.cn s.click.aliexpress.com/e/ a.aliexpress.com
    www.facebook.com/share/ www.reddit.com/link/
"""
"""Hosts, or beginnings of addresses, that must be fetched to see where they lead."""

_GOOGLE = re.compile(r"(?P<site>(?:www\.)?google)\.(?:com?\.[a-z]{2}|com|[a-z]{2})")
_VIEWER_PATH = re.compile(r"amp/(?P<secure>s/)?(?P<target>[^/]+\..*)")
_CACHE_PATH = re.compile(r"(?:c|v|wp)/(?P<secure>s/)?(?P<target>[^/]+\..*)")
_CACHES = (".cdn.ampproject.org", ".bing-amp.com")
_OUTLOOK = ".safelinks.protection.outlook.com"


def unwrap(url: str) -> str | None:
    """Return the address that a URL carries within it, or None where it is no wrapper.

    Wrappers within wrappers are opened too, at most `MOST_WRAPPERS` deep; deeper ones are left alone. The
    target is an address as `checked_href` gives it, and not normalized.

    Raises:
        RefusedUrl: the URL itself is none. A wrapper around what is none is no wrapper.
    """
    return carried_within(checked_href(url))


def carried_within(href: str) -> str | None:
    """Do the same for an address as `checked_href` gives it."""
    target: str | None = None
    for _ in range(MOST_WRAPPERS):
        carried = carried_by(href)
        if carried is None:
            return target
        target = href = carried
    return target if carried_by(href) is None else None


def carried_by(href: str) -> str | None:
    """Return what one wrapper carries, checked; `href` is an address as `checked_href` gives it."""
    host, path, query = _taken_apart(href)
    if not may_wrap(host):
        return None
    carried = _in_path(host, path, query) or _in_query(host, path, query)
    try:
        return None if carried is None else checked_href(carried)
    except RefusedUrl:
        return None


def may_wrap(host: str) -> bool:
    """Tell whether some addresses of a host carry others."""
    return wraps_by_path(host) or _family(host) in _CARRIED


def wraps_by_path(host: str) -> bool:
    """Tell whether some addresses of a host carry others in their paths."""
    return _family(host) in (*_CACHES, "google.*")


def needs_resolving(url: str) -> bool:
    """Tell whether only a fetch can say where an address leads.

    Raises:
        RefusedUrl: it is no address.
    """
    host, path, query = _taken_apart(checked_href(url))
    beginnings = _ASKED.get(host) or _ASKED.get(host.removeprefix("www."), [])
    return any(path.startswith(beginning) and path + query != beginning for beginning in beginnings)


def _taken_apart(href: str) -> tuple[str, str, str]:
    before, _, query = href.partition("#")[0].partition("://")[2].partition("?")
    authority, _, path = before.partition("/")
    return authority.rpartition("@")[2], path, query


@lru_cache(maxsize=1_024)
def _family(host: str) -> str:
    found = _GOOGLE.fullmatch(host)
    if found is not None:
        return f"{found['site']}.*".removeprefix("www.")
    for ending in (*_CACHES, _OUTLOOK):
        if host.endswith(ending):
            return ending
    return host


def _in_path(host: str, path: str, query: str) -> str | None:
    """Look for the address of a page behind the viewer or the cache for AMP pages."""
    family = _family(host)
    pattern = _CACHE_PATH if family in _CACHES else _VIEWER_PATH if family == "google.*" else None
    found = pattern.fullmatch(path) if pattern is not None else None
    if found is None:
        return None
    scheme = "https" if found["secure"] else "http"
    return f"{scheme}://{found['target']}" + (f"?{query}" if query else "")


def _in_query(host: str, path: str, query: str) -> str | None:
    for beginning, names in _CARRIED.get(_family(host), ()):
        if path == beginning or (beginning.endswith("*") and path.startswith(beginning[:-1])):
            for name in names:
                value = _value(query, name)
                if value.lower().startswith(("http://", "https://")):
                    return value
    return None


def _value(query: str, wanted: str) -> str:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == wanted:
            try:
                return unquote(value, errors="strict")
            except UnicodeDecodeError:  # guessing its charset could make two targets one
                return ""
    return ""


def _read_carried() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    table: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for line in CARRIED:
        address, *names = line.split()
        host, _, path = address.partition("/")
        table.setdefault(host.removeprefix("*"), []).append((path, tuple(names)))
    return table


def _read_asked() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for address in ASKED.split():
        host, _, path = address.partition("/")
        table.setdefault(host, []).append(path)
    return table


_CARRIED = _read_carried()
_ASKED = _read_asked()
