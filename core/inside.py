"""Addresses that lie inside a network, told by how they are written, before anybody is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import can_ada

from core.addresses import IPAddress, IPNetwork, why_forbidden
from core.errors import UserError
from core.hosts import AllowedHost, allows

_PORTS = {"http:": 80, "https:": 443}
_LOCAL = ("localhost", ".localhost", ".local", ".internal")


@dataclass(frozen=True, slots=True)
class Outside:
    """What the operator lets be asked beside public addresses (ALLOW_NETWORKS, ALLOW_HOSTS)."""

    networks: Sequence[IPNetwork] = ()
    hosts: tuple[AllowedHost, ...] = ()

    def check(self, url: str) -> None:
        """Refuse an address that shows itself to be inside; what a name stands for is found out later.

        Raises:
            UserError: it is.
        """
        parsed = can_ada.parse(url)
        host, port = str(parsed.hostname), int(parsed.port or _PORTS.get(str(parsed.protocol), 0))
        if allows(self.hosts, host, port):
            return
        literal = _literal(host)
        inside = host.endswith(_LOCAL) or ("." not in host and literal is None)
        if literal is not None:
            inside = why_forbidden(literal, self.networks) is not None
        if inside:
            raise UserError("“{url}” is no public address", url=url[:100])


def _literal(host: str) -> IPAddress | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
