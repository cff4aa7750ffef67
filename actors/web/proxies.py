"""To an address through a proxy, which sees the checked address and not the name.

A proxy that were given names would look them up itself, past the guard. Only `socks5h://` asks for that.
"""

import re
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

import httpx
import trio

from actors.web.connections import Connection
from actors.web.dialing import dial
from actors.web.encryption import encrypt
from actors.web.guard import AddressBlocked
from core.addresses import IPAddress

LookUp: TypeAlias = Callable[[str], Awaitable[Sequence[IPAddress]]]
"""Gives the addresses at which a proxy may be connected to."""

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_MOST_HEAD_BYTES = 16 * 1024
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
_UNREACHABLE = ("502", "503", "504")

_SOCKS = 5
_NO_AUTHENTICATION, _PASSWORD = 0, 2
_CONNECT, _RESERVED = 1, 0
_IPV4, _NAME, _IPV6 = 1, 3, 4
_NOT_REACHED = (3, 4, 5, 6)  # RFC 1928, 6: network, host, refused, expired
_LONGEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Somebody else's machine to connect through."""

    scheme: str
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    given_names: bool = False
    """It looks up names, whatever its scheme: for a network whose own answers cannot be trusted."""

    @property
    def resolves(self) -> bool:
        """Whether it is asked to look up names itself."""
        return self.given_names or self.scheme == "socks5h"


def parse_proxy(url: str) -> Proxy:
    """Read the address of a proxy.

    Raises:
        ValueError: it is none; the address is not repeated, it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _no_proxy() from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _no_proxy()
    return Proxy(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _no_proxy() -> ValueError:
    return ValueError("write a proxy as http://host:port, https://host:port or socks5://host:port")


async def through(
    proxy: Proxy,
    destination: str,
    port: int,
    *,
    look_up: LookUp,
    tls: ssl.SSLContext | None = None,
) -> Connection:
    """Connect to a destination through a proxy.

    Args:
        proxy: Where to connect to.
        destination: An address, or a name for a proxy that resolves.
        port: At the destination.
        look_up: Gives the addresses of the proxy, checked where it is not the operator's.
        tls: For proxies that speak TLS.

    Raises:
        AddressBlocked: the proxy is where it may not be.
        httpx.ProxyError: the proxy cannot be reached, or refuses.
        httpx.ConnectError: the proxy cannot reach the destination.
    """
    try:
        socket = await dial(await look_up(proxy.host), proxy.port)
    except AddressBlocked:
        raise
    except httpx.ConnectError as error:
        raise httpx.ProxyError(f"the proxy cannot be reached: {error}") from error
    connection = Connection(socket, socket)
    try:
        if proxy.scheme == "https":
            await _encrypt(connection, proxy, tls)
        if proxy.scheme in ("http", "https"):
            await _tunnel(connection.stream, proxy, destination, port)
        else:
            await _socks(connection.stream, proxy, destination, port)
    except trio.BrokenResourceError as error:
        connection.close()
        raise httpx.ProxyError(f"the proxy broke off: {error}") from error
    except BaseException:
        connection.close()
        raise
    return connection


async def _encrypt(connection: Connection, proxy: Proxy, tls: ssl.SSLContext | None) -> None:
    try:
        await encrypt(connection, proxy.host, tls)
    except httpx.ConnectError as error:
        raise httpx.ProxyError(f"the proxy: {error}") from error


async def _tunnel(stream: trio.abc.Stream, proxy: Proxy, destination: str, port: int) -> None:
    """Ask for a tunnel (RFC 9110, 9.3.6), for http too: a proxy that forwards would go by the name."""
    where = f"[{destination}]:{port}" if ":" in destination else f"{destination}:{port}"
    lines = [f"CONNECT {where} HTTP/1.1", f"Host: {where}"]
    if proxy.username or proxy.password:
        pair = b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {pair}")
    await stream.send_all("\r\n".join([*lines, "", ""]).encode("ascii"))
    head = b""
    while b"\r\n\r\n" not in head:
        data = await stream.receive_some(_MOST_HEAD_BYTES)
        head += data
        if not data or len(head) > _MOST_HEAD_BYTES:
            raise httpx.ProxyError("the proxy gave no answer")
    found = _STATUS_LINE.match(head)
    status = found[1].decode() if found else "no HTTP"
    if status in _UNREACHABLE:
        raise httpx.ConnectError(f"the proxy answered {status}")
    if not status.startswith("2") or not head.endswith(b"\r\n\r\n"):
        raise httpx.ProxyError(f"the proxy answered {status}")


async def _socks(stream: trio.abc.Stream, proxy: Proxy, destination: str, port: int) -> None:
    """Ask for a connection (RFC 1928)."""
    with_password = bool(proxy.username or proxy.password)
    methods = [_NO_AUTHENTICATION, _PASSWORD] if with_password else [_NO_AUTHENTICATION]
    await stream.send_all(bytes([_SOCKS, len(methods), *methods]))
    version, method = await _exactly(stream, 2)
    if version != _SOCKS or method not in methods:
        raise httpx.ProxyError("the proxy is no SOCKS5 proxy, or wants another authentication")
    if method == _PASSWORD:
        await _authenticate(stream, proxy)
    await stream.send_all(
        bytes([_SOCKS, _CONNECT, _RESERVED]) + _socks_address(destination) + port.to_bytes(2, "big")
    )
    version, code, _, kind = await _exactly(stream, 4)
    if code in _NOT_REACHED:
        raise httpx.ConnectError(f"the proxy answered {code}")
    if version != _SOCKS or code or kind not in (_IPV4, _NAME, _IPV6):
        raise httpx.ProxyError(f"the proxy answered {code}")
    length = {_IPV4: 4, _IPV6: 16}.get(kind) or (await _exactly(stream, 1))[0]
    await _exactly(stream, length + 2)


async def _authenticate(stream: trio.abc.Stream, proxy: Proxy) -> None:
    """Tell user and password (RFC 1929)."""
    username, password = proxy.username.encode()[:_LONGEST], proxy.password.encode()[:_LONGEST]
    await stream.send_all(bytes([1, len(username)]) + username + bytes([len(password)]) + password)
    if (await _exactly(stream, 2))[1]:
        raise httpx.ProxyError("the proxy refuses user and password")


def _socks_address(destination: str) -> bytes:
    try:
        address = ip_address(destination)
    except ValueError:
        name = destination.encode("ascii")[:_LONGEST]
        return bytes([_NAME, len(name)]) + name
    return bytes([_IPV4 if address.version == 4 else _IPV6]) + address.packed  # noqa: PLR2004


async def _exactly(stream: trio.abc.Stream, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = await stream.receive_some(count - len(data))
        if not more:
            raise httpx.ProxyError("the proxy broke off")
        data += more
    return data
