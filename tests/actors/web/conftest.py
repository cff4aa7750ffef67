"""Real servers on loopback, one of them behind TLS, and a canary that must never hear anything."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

import pytest
import trio
import trustme

from actors.web import Guard, Proxy, Transport, Web
from actors.web.connections import Kept
from core.addresses import IPAddress, parse_networks
from core.hosts import parse_hosts

Serve = Callable[[trio.abc.Stream], Awaitable[None]]
OPEN = "127.0.0.1"
CLOSED = "127.0.0.66"
LIMIT = 10_000


@dataclass
class Server:
    """A server of scripted bytes, and what it heard."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0


@dataclass
class Names:
    """A resolver: each name has its answers, one after another; the last one stays."""

    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str) -> list[IPAddress]:
        await trio.lowlevel.checkpoint()
        self.asked.append(host)
        answers = self.answers.get(host)
        if answers is None:
            raise OSError(f"no such name: {host}")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ip_address(text) for text in answer]


Listen = Callable[..., AbstractAsyncContextManager[Server]]


@pytest.fixture
def names() -> Names:
    return Names({"site.example": [[OPEN]], "other.example": [[OPEN]], "inside.example": [[CLOSED]]})


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture(scope="session")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """The client's side: it trusts nobody else."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def listen(authority: trustme.CA) -> Listen:
    """Serve for the length of a block; `say` is what each request is answered with, or a script."""

    @asynccontextmanager
    async def start(
        say: bytes | Serve, *, host: str = OPEN, port: int = 0, tls: tuple[str, ...] = ()
    ) -> AsyncIterator[Server]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        if tls:
            authority.issue_cert(*tls).configure_cert(context)
        server = Server(0)

        async def answer(raw: trio.SocketStream) -> None:
            server.connections += 1
            stream: trio.abc.Stream = trio.SSLStream(raw, context, server_side=True) if tls else raw
            try:
                if callable(say):
                    await say(stream)
                else:
                    while data := bytes(await stream.receive_some(65_536)):
                        server.heard.append(data)
                        await stream.send_all(say)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                pass
            finally:
                await trio.aclose_forcefully(raw)

        async with trio.open_nursery() as nursery:
            listeners = await trio.open_tcp_listeners(port, host=host)
            server.port = listeners[0].socket.getsockname()[1]
            nursery.start_soon(trio.serve_listeners, answer, listeners)
            yield server
            nursery.cancel_scope.cancel()

    return start


Open = Callable[..., AbstractAsyncContextManager[Web]]


@pytest.fixture
def carrier(names: Names, trusting: ssl.SSLContext) -> Callable[..., Transport]:
    """Make a transport that may go to one address of loopback only."""

    def make(
        *,
        networks: str = f"{OPEN} ::1",
        hosts: str = "",
        proxy: Proxy | None = None,
        kept: Kept | None = None,
    ) -> Transport:
        guard = Guard(names, networks=parse_networks(networks), hosts=parse_hosts(hosts))
        return Transport(guard, proxy=proxy, tls=trusting, kept=kept)

    return make


@pytest.fixture
def open_web(carrier: Callable[..., Transport]) -> Open:
    @asynccontextmanager
    async def start(
        *, timeout_s: float = 5.0, limit_bytes: int = LIMIT, **options: object
    ) -> AsyncIterator[Web]:
        async with carrier(**options) as transport:
            yield Web(transport, user_agent="Vestnik/test", timeout_s=timeout_s, max_body_bytes=limit_bytes)

    return start


def answer(body: bytes = b"<rss/>", *headers: str, status: str = "200 OK") -> bytes:
    """Write an answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@pytest.fixture
def say() -> Callable[..., bytes]:
    return answer
