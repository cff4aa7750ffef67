"""From the name of a host to the addresses that may be connected to."""

import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from typing import TypeAlias

import httpx
import trio

from core.addresses import IPAddress, IPNetwork, why_forbidden
from core.hosts import AllowedHost, allows

Resolver: TypeAlias = Callable[[str], Awaitable[Sequence[IPAddress]]]
"""Gives the addresses of a name, best first; raises OSError or UnicodeError where it has none."""

_MOST_ADDRESSES = 6  # that are tried; a hostile answer may hold thousands
_LOOKUPS_AT_ONCE = 128


class AddressBlocked(httpx.ConnectError):
    """A host has no address that may be connected to. Nothing was sent."""

    def __init__(self, host: str, address: IPAddress, why: str) -> None:
        self.host = host
        self.address = address
        super().__init__(f"{host} is at {address}: {why}")


class Guard:
    """Resolves names, once for each connection, and lets only checked addresses through.

    Whoever connects gets addresses, not a name to look up again: an answer that changes between the
    check and the connection changes nothing. A host that is allowed by name is not checked.
    """

    def __init__(
        self,
        resolve: Resolver,
        *,
        networks: tuple[IPNetwork, ...] = (),
        hosts: tuple[AllowedHost, ...] = (),
    ) -> None:
        self._resolve = resolve
        self._networks = networks
        self._hosts = hosts

    async def addresses(self, host: str, port: int) -> Sequence[IPAddress]:
        """Return the addresses of a host, at least one, that may be connected to.

        Raises:
            AddressBlocked: it has only others.
            httpx.ConnectError: it has none.
        """
        found = await self.look_up(host)
        if allows(self._hosts, host, port):
            return found
        public: list[IPAddress] = []
        blocked: AddressBlocked | None = None
        for address in found:
            why = why_forbidden(address, self._networks)
            if why is None:
                public.append(address)
            else:
                blocked = blocked or AddressBlocked(f"{host}:{port}", address, why)
        if not public and blocked is not None:
            raise blocked
        return public

    def check_literal(self, host: str, port: int) -> None:
        """Check a host of which somebody else looks up the name: what is an address already can be told.

        Raises:
            AddressBlocked: it is one that may not be connected to.
        """
        address = _literal(host)
        if address is None or allows(self._hosts, host, port):
            return
        why = why_forbidden(address, self._networks)
        if why is not None:
            raise AddressBlocked(f"{host}:{port}", address, why)

    async def look_up(self, host: str) -> Sequence[IPAddress]:
        """Return the addresses of a host that the operator has named, unchecked.

        Raises:
            httpx.ConnectError: it has none.
        """
        literal = _literal(host)
        if literal is not None:
            return (literal,)
        try:
            found = await self._resolve(host)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"no address for {host}: {error}") from error
        if not found:
            raise httpx.ConnectError(f"no address for {host}")
        return found[:_MOST_ADDRESSES]


_lookups = trio.CapacityLimiter(_LOOKUPS_AT_ONCE)


async def ask_the_system(host: str) -> Sequence[IPAddress]:
    """Resolve a name as the operating system does.

    A look-up that is given up goes on in its thread until the system's own time-out.
    """
    answers = await trio.to_thread.run_sync(
        lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM),
        limiter=_lookups,
        abandon_on_cancel=True,
    )
    return tuple(dict.fromkeys(ip_address(answer[4][0]) for answer in answers))


def _literal(host: str) -> IPAddress | None:
    bare = host.strip("[]")
    if not bare[-1:].isdigit() and ":" not in bare:  # a name; to try it as an address takes longer
        return None
    try:
        return ip_address(bare)
    except ValueError:
        return None
