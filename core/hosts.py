"""Hosts that the operator trusts by name, whatever address they have."""

import re
from dataclasses import dataclass

import can_ada

_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:/?#@\\]+)(?::(?P<port>\d{1,5}))?")
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A host, as browsers spell it, at one port or (None) at any."""

    host: str
    port: int | None = None


def allows(hosts: tuple[AllowedHost, ...], host: str, port: int) -> bool:
    """Tell whether one of `hosts` is this one; both sides spelled as browsers do."""
    return any(allowed.host == host and allowed.port in (None, port) for allowed in hosts)


def parse_hosts(text: str) -> tuple[AllowedHost, ...]:
    """Read hosts (`rsshub`, `rsshub:1200`, `[fd00::1]:80`), separated by commas or white space.

    Raises:
        ValueError: says which is none, and how to write it.
    """
    return tuple(_host(word) for word in text.replace(",", " ").split())


def _host(word: str) -> AllowedHost:
    found = _HOST_AND_PORT.fullmatch(word)
    port = int(found["port"]) if found and found["port"] else None
    if found is None or (port is not None and not 0 < port <= _LAST_PORT):
        raise _no_host(word)
    try:
        host: str = can_ada.parse(f"http://{found['host']}/").hostname
    except ValueError:
        raise _no_host(word) from None
    return AllowedHost(host=host, port=port)


def _no_host(word: str) -> ValueError:
    return ValueError(f"{word!r} is no host: write it like rsshub, rsshub:1200 or [fd00::1]:80")
