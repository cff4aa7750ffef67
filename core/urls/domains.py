"""Which sites belong together: those under one registrable domain."""

from functools import cache

from publicsuffixlist import PublicSuffixList

from core.urls.normalize import host_of


def registrable_domain(url: str) -> str:
    """Return the part of a URL's host that somebody registered (https://publicsuffix.org).

    Hosts without one, such as addresses and names of a local network, stand for themselves.
    """
    host = host_of(url)
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
