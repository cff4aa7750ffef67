"""Which addresses may be connected to. The rule looks at addresses only, never at names or texts.

`ipaddress` alone is no guard: what it calls global depends on Python's version, and it takes the
IPv4 address inside an IPv6 one for public (cpython#77614, CVE-2024-4032). So addresses are unwrapped
first, and this list holds besides.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address
IPNetwork: TypeAlias = IPv4Network | IPv6Network

_CLOSED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this host"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by a provider"),  # and 100.100.100.200, metadata of Alibaba
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "metadata of a cloud"),  # Azure's; the registry calls it public
    ("169.254.0.0/16", "link local"),  # and 169.254.169.254, metadata of most clouds
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),  # and 192.0.0.192, metadata of Oracle
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarks"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::1/128", "loopback"),
    ("100::/64", "discarded"),
    ("2001::/23", "protocol assignments"),
    ("2001:db8::/32", "documentation"),
    ("3fff::/20", "documentation"),
    ("fc00::/7", "private"),  # and fd00:ec2::254, metadata of Amazon
    ("fe80::/10", "link local"),
    ("fec0::/10", "site local"),
    ("ff00::/8", "multicast"),
)
_CLOSED_NETWORKS = tuple((ip_network(network), why) for network, why in _CLOSED)
_GLOBAL_UNICAST = IPv6Network("2000::/3")

_LAST_32_BITS = tuple(
    IPv6Network(prefix)
    for prefix in (
        "::/96",  # compatible (RFC 4291, 2.5.5.1); `::` and `::1` become 0.0.0.0 and 0.0.0.1 by it
        "::ffff:0:0/96",  # mapped (2.5.5.2)
        "::ffff:0:0:0/96",  # translated (RFC 2765, 2.1)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
    )
)
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def why_forbidden(address: IPAddress, allowed_networks: Sequence[IPNetwork] = ()) -> str | None:
    """Return why nothing may connect to an address, in a word or two, or None: it is public or allowed.

    Every address that it stands for must be global unicast, or in one of `allowed_networks`; an
    address that is itself in one of them is open, whatever it stands for.
    """
    plain = address if isinstance(address, IPv4Address) else IPv6Address(int(address))  # without a zone
    if _within(plain, allowed_networks):
        return None
    for meant in _meant_by(plain):
        why = _why_not_public(meant)
        if why is not None and not _within(meant, allowed_networks):
            return why
    return None


def parse_networks(text: str) -> tuple[IPNetwork, ...]:
    """Read networks (or single addresses), separated by commas or white space.

    Raises:
        ValueError: says which is none, and how to write it.
    """
    return tuple(_network(word) for word in text.replace(",", " ").split())


def _network(word: str) -> IPNetwork:
    try:
        return ip_network(word)
    except ValueError:
        pass
    try:
        meant = ip_network(word, strict=False)
    except ValueError:
        raise ValueError(f"{word!r} is no network: write it like 10.0.0.0/8 or fd00::/8") from None
    raise ValueError(f"{word!r} is an address inside a network: write {meant} if you mean all of it")


def _within(address: IPAddress, networks: Sequence[IPNetwork]) -> bool:
    return any(address in network for network in networks)


def _meant_by(address: IPAddress) -> Iterator[IPAddress]:
    """Yield every address at which packets for this one may arrive."""
    if isinstance(address, IPv4Address):
        yield address
        return
    number = int(address)
    if (number >> 32) & 0xFFFF_FFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFF_FFFF)
    if any(address in prefix for prefix in _LAST_32_BITS):
        yield IPv4Address(number & 0xFFFF_FFFF)
    elif address in _LOCAL_NAT64:
        yield IPv4Address(number & 0xFFFF_FFFF)
        # The prefix may end at bit 48 as well: then the address lies around the byte at 64 (RFC 6052, 2.2).
        around = (number >> 64 & 0xFFFF) << 16 | (number >> 40 & 0xFFFF)
        if around:
            yield IPv4Address(around)
    elif address.sixtofour is not None:
        yield address.sixtofour
    elif address.teredo is not None:
        yield from address.teredo
    else:
        yield address


@lru_cache(maxsize=4096)
def _why_not_public(address: IPAddress) -> str | None:
    why = next((why for network, why in _CLOSED_NETWORKS if address in network), None)
    if why is not None:
        return why
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "not global unicast"
    if not address.is_global or address.is_multicast or address.is_reserved:
        return "not global"
    return None
