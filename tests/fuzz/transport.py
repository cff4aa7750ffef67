"""A fetch whose server says what the fuzzer says, over a pair of sockets that no network sees."""

import socket
from collections.abc import Hashable

import trio

from actors.web import Guard, Transport, Web
from actors.web.connections import Connection, Kept
from actors.web.fetched import Fetched
from core.addresses import IPAddress
from core.protocol import Validators

_LIMIT_BYTES = 10_000
_LONGEST_WIRE = 65_536  # what the pair of sockets holds without a reader


class _KeptForOne(Kept):
    """Hands out the connection that was put in, whatever waits on it already."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection: Connection | None = connection

    def take(self, way: Hashable) -> Connection | None:  # noqa: ARG002 - the first who asks gets it
        connection, self._connection = self._connection, None
        return connection


def fetch_from(wire: bytes) -> Fetched:
    """Fetch a document from a server that sends these bytes (the first 64 KB of them) and closes."""
    return trio.run(_fetch, wire[:_LONGEST_WIRE])


async def _fetch(wire: bytes) -> Fetched:
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(wire)
        theirs.shutdown(socket.SHUT_WR)
        stream = trio.SocketStream(trio.socket.from_stdlib_socket(ours))
        async with Transport(Guard(_nobody), kept=_KeptForOne(Connection(stream, stream))) as transport:
            web = Web(transport, user_agent="fuzz", timeout_s=5.0, max_body_bytes=_LIMIT_BYTES)
            fetched = await web.get("http://site.example/feed", Validators(), now_ms=1_700_000_000_000)
        stream.socket.close()
        assert fetched.error != "timeout"
        return fetched


async def _nobody(host: str) -> list[IPAddress]:
    await trio.lowlevel.checkpoint()
    raise OSError(f"no such name: {host}")
