"""One request over one connection: a trio socket, TLS where asked for, and HTTP/1.1."""

import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Self

import httpx
import trio

from actors.web.answered import AnsweredResponse
from actors.web.answers import Answer
from actors.web.connections import Connection, Kept, Origin, Way
from actors.web.dialing import dial
from actors.web.encryption import encrypt
from actors.web.guard import Guard
from actors.web.proxies import LookUp, Proxy, through
from actors.web.target_request import TargetRequest

_READ_BYTES = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_LINE_ENDS = re.compile(rb"[\r\n\0]")


class Transport(httpx.AsyncBaseTransport):
    """Carries requests to addresses that the guard lets through, and to no other.

    It costs a third of what httpx's own does, and holds what only the one who connects can hold: the
    address that was checked is the address that is connected to.

    It has no time-outs: whoever calls it has a deadline for the whole. Cancelled at any moment, it leaves
    no socket behind. It reads no environment. Every error of the other side is an `httpx.HTTPError`.
    A connection that was kept and turns out dead before anything of the answer was read is replaced
    silently, once, and only for a GET.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        proxy: Proxy | None = None,
        tls: ssl.SSLContext | None = None,
        kept: Kept | None = None,
    ) -> None:
        self._guard = guard
        self._proxy = proxy
        self._tls = tls
        self._kept = Kept() if kept is None else kept

    async def __aenter__(self) -> Self:
        return self

    async def aclose(self) -> None:
        """Close what is kept."""
        self._kept.close()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the answer as soon as its headers are there.

        A list in the extension "steps" is told what was begun: "connecting", "sending".

        Raises:
            httpx.HTTPError: what went wrong; `AddressBlocked` if the guard refuses.
        """
        origin = _origin(request)
        own_proxy = request.proxy if isinstance(request, TargetRequest) else None
        way = (origin, own_proxy)
        steps: list[str] = request.extensions.get("steps", [])
        message = _head(request) + await _body(request)
        again = request.method == "GET"
        kept = self._kept.take(way)
        if kept is not None:
            exchange = _Exchange(self._kept, way, kept)
            steps.append("sending")
            try:
                return await exchange.run(message, request.method)
            except httpx.TransportError:
                if exchange.answer.begun or not again:
                    raise
        steps.append("connecting")
        connection = await self._connect(origin, own_proxy)
        steps.append("sending")
        return await _Exchange(self._kept, way, connection).run(message, request.method)

    async def _connect(self, origin: Origin, own_proxy: Proxy | None) -> Connection:
        scheme, host, port = origin
        connection = await self._reach(host, port, own_proxy)
        if scheme == "https":
            try:
                await encrypt(connection, host, self._tls)
            except BaseException:
                connection.close()
                raise
        return connection

    async def _reach(self, host: str, port: int, own_proxy: Proxy | None) -> Connection:
        proxy = own_proxy or self._proxy
        if proxy is None:
            socket = await dial(await self._guard.addresses(host, port), port)
            return Connection(socket, socket)
        # The operator's proxy may be anywhere; one that was set for a source is checked like a source.
        look_up = self._guard.look_up if own_proxy is None else self._checked(own_proxy)
        if proxy.resolves:
            self._guard.check_literal(host, port)
            destinations = [host.strip("[]")]
        else:
            destinations = [str(address) for address in await self._guard.addresses(host, port)]
        return await self._through_proxy(proxy, destinations, port, look_up)

    def _checked(self, proxy: Proxy) -> LookUp:
        return lambda host: self._guard.addresses(host, proxy.port)

    async def _through_proxy(
        self, proxy: Proxy, destinations: Sequence[str], port: int, look_up: LookUp
    ) -> Connection:
        *others, last = destinations
        for destination in others:
            with suppress(httpx.ConnectError):
                return await through(proxy, destination, port, look_up=look_up, tls=self._tls)
        return await through(proxy, last, port, look_up=look_up, tls=self._tls)


class _Exchange(httpx.AsyncByteStream):
    """A request under way: it owns its connection until the answer is complete, or given up.

    It is the body of its answer.
    """

    def __init__(self, kept: Kept, way: Way, connection: Connection) -> None:
        self.answer = Answer()
        self._kept = kept
        self._way = way
        self._connection: Connection | None = connection

    async def run(self, message: bytes, method: str) -> httpx.Response:
        """Send, and read as far as the end of the headers."""
        try:
            await self._send(message)
            while not self.answer.headers_done:
                await self._receive()
        except BaseException:
            self._give_up()
            raise
        if method == "HEAD":  # its headers speak of a body that does not come (RFC 9110, 9.3.2)
            self._give_up()
            self.answer.pieces.clear()
            self.answer.complete = True
        return AnsweredResponse(self.answer.status, self.answer.headers, self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            pieces, self.answer.pieces = self.answer.pieces, []
            for piece in pieces:
                yield piece
            if self.answer.complete and not self.answer.pieces:
                return
            await self._receive()

    async def aclose(self) -> None:
        """Keep the connection where another request may follow on it; close it otherwise."""
        if self._connection is not None and self.answer.complete and self.answer.may_keep:
            self._kept.put(self._way, self._connection)
            self._connection = None
        self._give_up()

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _send(self, message: bytes) -> None:
        try:
            await self._stream.send_all(message)
        except trio.BrokenResourceError as error:
            raise httpx.WriteError(str(error)) from error

    async def _receive(self) -> None:
        try:
            data = await self._stream.receive_some(_READ_BYTES)
        except trio.BrokenResourceError as error:
            raise httpx.ReadError(str(error)) from error
        self.answer.feed(bytes(data))

    @property
    def _stream(self) -> trio.abc.Stream:
        if self._connection is None:
            raise httpx.StreamClosed
        return self._connection.stream


def _origin(request: httpx.Request) -> Origin:
    if isinstance(request, TargetRequest):
        scheme, host, port = request.target.origin
        return scheme.removesuffix(":"), host.strip("[]"), port
    url = request.url
    try:
        return url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]
    except KeyError:
        raise httpx.UnsupportedProtocol(url.scheme) from None


async def _body(request: httpx.Request) -> bytes:
    if isinstance(request.stream, httpx.ByteStream):  # as nearly all are; to read it by the book is slow
        return b"".join(request.stream)
    return await request.aread()


def _head(request: httpx.Request) -> bytes:
    """Return a request's head (RFC 9112, 3). It is one however its values were made.

    Raises:
        httpx.LocalProtocolError: a header holds the end of a line.
    """
    if isinstance(request, TargetRequest):
        path, fields = request.target.path.encode("ascii"), request.fields
    else:
        path, fields = request.extensions.get("target", request.url.raw_path), request.headers.raw
    lines = [b"%b %b HTTP/1.1" % (request.method.encode("ascii"), path)]
    for name, value in fields:
        line = b"%b: %b" % (name, value)
        if _LINE_ENDS.search(line):
            raise httpx.LocalProtocolError(f"illegal value of the header {name!r}")
        lines.append(line)
    return b"\r\n".join([*lines, b"", b""])
