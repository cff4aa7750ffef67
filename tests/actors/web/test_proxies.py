"""Through proxies, which are given checked addresses; real ones on loopback that do what they are told."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest
import trio

from actors.web import parse_proxy
from core.protocol import Validators
from tests.actors.web.conftest import CLOSED, OPEN, Listen, Names, Open, Server

NOW_MS = 1_800_000_000_000
Say = Callable[..., bytes]


@dataclass
class Office:
    """A proxy: what it was asked for, and how it answers."""

    refuse: bytes = b""
    user: str = ""
    asked: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    server: Server | None = None

    @property
    def port(self) -> int:
        assert self.server is not None
        return self.server.port

    async def http(self, stream: trio.abc.Stream) -> None:
        head = await until(stream, b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        method, where, _ = lines[0].split(" ")
        assert method == "CONNECT"
        self.asked.append(where)
        wanted = "Proxy-Authorization: Basic " + base64.b64encode(self.user.encode()).decode()
        if self.user and wanted not in lines:
            await stream.send_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        if self.refuse:
            await stream.send_all(self.refuse)
            return
        host, _, port = where.rpartition(":")
        await self.relay(stream, host.strip("[]"), int(port), b"HTTP/1.1 200 Connection established\r\n\r\n")

    async def socks(self, stream: trio.abc.Stream) -> None:
        version, count = await exactly(stream, 2)
        methods = await exactly(stream, count)
        assert version == 5
        if self.user:
            if 2 not in methods:
                await stream.send_all(b"\x05\xff")
                return
            await stream.send_all(b"\x05\x02")
            _, length = await exactly(stream, 2)
            name = await exactly(stream, length)
            password = await exactly(stream, (await exactly(stream, 1))[0])
            right = f"{name.decode()}:{password.decode()}" == self.user
            await stream.send_all(b"\x01\x00" if right else b"\x01\x01")
            if not right:
                return
        else:
            await stream.send_all(b"\x05\x00")
        _, command, _, kind = await exactly(stream, 4)
        assert command == 1
        if kind == 3:
            host = (await exactly(stream, (await exactly(stream, 1))[0])).decode()
        else:
            packed = await exactly(stream, {1: 4, 4: 16}[kind])
            host = ".".join(map(str, packed)) if kind == 1 else packed.hex(":", 2)
        port = int.from_bytes(await exactly(stream, 2), "big")
        self.asked.append(f"{host}:{port}")
        if self.refuse:
            await stream.send_all(self.refuse)
            return
        await self.relay(stream, self.names.get(host, host), port, b"\x05\x00\x00\x03\x01x\x00\x00")

    async def relay(self, stream: trio.abc.Stream, host: str, port: int, done: bytes) -> None:
        async with await trio.open_tcp_stream(host, port) as there, trio.open_nursery() as nursery:
            await stream.send_all(done)
            nursery.start_soon(pump, there, stream)
            await pump(stream, there)
            nursery.cancel_scope.cancel()


async def exactly(stream: trio.abc.Stream, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += await stream.receive_some(count - len(data))
    return data


async def until(stream: trio.abc.Stream, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end):
        data += await stream.receive_some(1)
    return data


async def pump(here: trio.abc.Stream, there: trio.abc.Stream) -> None:
    while data := await here.receive_some(65_536):
        await there.send_all(data)


Run = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture
def office(listen: Listen) -> Run:
    @asynccontextmanager
    async def start(kind: str, *, tls: tuple[str, ...] = (), **options: object) -> AsyncIterator[Office]:
        proxy = Office(**options)  # type: ignore[arg-type]
        script: Callable[[trio.abc.Stream], Awaitable[None]] = getattr(proxy, kind)
        async with listen(script, tls=tls) as proxy.server:
            yield proxy

    return start


KINDS = [("http", "http"), ("http", "https"), ("socks", "socks5")]


def address_of(scheme: str, proxy: Office, user: str = "") -> str:
    # Its own certificate is for this name; as the operator's it is not checked by the guard.
    host = "proxy.example" if scheme == "https" else OPEN
    return f"{scheme}://{user}{'@' if user else ''}{host}:{proxy.port}"


@pytest.mark.parametrize(("kind", "scheme"), KINDS)
@pytest.mark.parametrize("encrypted", [False, True])
async def test_the_proxy_sees_the_checked_address_and_the_site_its_name(
    kind: str,
    scheme: str,
    encrypted: bool,
    office: Run,
    open_web: Open,
    listen: Listen,
    say: Say,
    names: Names,
) -> None:
    names.answers["proxy.example"] = [[OPEN]]
    tls = ("proxy.example",) if scheme == "https" else ()
    site_tls = ("site.example",) if encrypted else ()
    async with (
        listen(say(), tls=site_tls) as server,
        office(kind, tls=tls) as proxy,
        open_web(proxy=parse_proxy(address_of(scheme, proxy))) as web,
    ):
        url = f"http{'s' * encrypted}://site.example:{server.port}/"
        fetched = [await web.get(url, Validators(), now_ms=NOW_MS) for _ in range(2)]
    assert [one.status for one in fetched] == ["ok", "ok"]
    assert proxy.asked == [f"{OPEN}:{server.port}"]
    assert f"Host: site.example:{server.port}\r\n".encode() in server.heard[0]


@pytest.mark.parametrize(("kind", "scheme"), KINDS)
@pytest.mark.parametrize("host", ["inside.example", "0x7f.66", "[::ffff:127.0.0.66]"])
async def test_nothing_closed_is_reached_through_a_proxy(
    kind: str, scheme: str, host: str, office: Run, open_web: Open, listen: Listen, say: Say, names: Names
) -> None:
    names.answers |= {"proxy.example": [[OPEN]], "rebinding.example": [[CLOSED]]}
    tls = ("proxy.example",) if scheme == "https" else ()
    async with (
        listen(say(), host=CLOSED) as canary,
        office(kind, tls=tls) as proxy,
        open_web(proxy=parse_proxy(address_of(scheme, proxy))) as web,
    ):
        fetched = await web.get(f"http://{host}:{canary.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "address_blocked"
    assert (canary.connections, proxy.asked) == (0, [])


async def test_a_proxy_that_resolves_is_given_names_but_no_closed_address(
    office: Run, open_web: Open, listen: Listen, say: Say, names: Names
) -> None:
    names.answers.clear()
    async with (
        listen(say()) as server,
        office("socks", names={"far.example": OPEN}) as proxy,
        open_web(proxy=parse_proxy(f"socks5h://{OPEN}:{proxy.port}")) as web,
    ):
        by_name = await web.get(f"http://far.example:{server.port}/", Validators(), now_ms=NOW_MS)
        closed = await web.get("http://0x7f.66/", Validators(), now_ms=NOW_MS)
    assert (by_name.status, closed.error) == ("ok", "address_blocked")
    assert proxy.asked == [f"far.example:{server.port}"]
    assert names.asked == []


@pytest.mark.parametrize(("kind", "scheme"), [("http", "http"), ("socks", "socks5")])
@pytest.mark.parametrize(
    ("user", "status"), [("ann:s%20cret", "ok"), ("ann:wrong", "failed"), ("", "failed")]
)
async def test_user_and_password(
    kind: str, scheme: str, user: str, status: str, office: Run, open_web: Open, listen: Listen, say: Say
) -> None:
    async with (
        listen(say()) as server,
        office(kind, user="ann:s cret") as proxy,
        open_web(proxy=parse_proxy(address_of(scheme, proxy, user))) as web,
    ):
        fetched = await web.get(f"http://site.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert (fetched.status, fetched.error) == (status, None if status == "ok" else "proxy")


REFUSALS = [
    ("http", b"HTTP/1.1 403 Forbidden\r\n\r\n", "proxy"),
    ("http", b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "unreachable"),
    ("http", b"HTTP/1.1 200 OK\r\n\r\nsurprise", "proxy"),
    ("http", b"HTTP/1.1 2", "proxy"),
    ("http", b"SSH-2.0\r\n\r\n", "proxy"),
    ("http", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000, "proxy"),
    ("socks", b"\x05\x02\x00\x01\0\0\0\0\0\0", "proxy"),
    ("socks", b"\x05\x05\x00\x01\0\0\0\0\0\0", "unreachable"),
    ("socks", b"\x04\x00\x00\x01\0\0\0\0\0\0", "proxy"),
    ("socks", b"\x05\x00\x00\x09\0\0\0\0\0\0", "proxy"),
    ("socks", b"\x05", "proxy"),
]


@pytest.mark.parametrize(("kind", "refusal", "error"), REFUSALS)
async def test_proxies_that_refuse(
    kind: str, refusal: bytes, error: str, office: Run, open_web: Open
) -> None:
    async with office(kind, refuse=refusal) as proxy:
        url = f"{'http' if kind == 'http' else 'socks5'}://{OPEN}:{proxy.port}"
        async with open_web(proxy=parse_proxy(url)) as web:
            fetched = await web.get("http://site.example/", Validators(), now_ms=NOW_MS)
    assert fetched.error == error


async def test_another_address_is_tried_where_the_proxy_cannot_reach_the_first(
    office: Run, open_web: Open, names: Names
) -> None:
    names.answers["two.example"] = [["::1", OPEN]]
    async with (
        office("http", refuse=b"HTTP/1.1 504 Gateway Timeout\r\n\r\n") as proxy,
        open_web(proxy=parse_proxy(f"http://{OPEN}:{proxy.port}")) as web,
    ):
        fetched = await web.get("http://two.example/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "unreachable"
    assert proxy.asked == ["[::1]:80", f"{OPEN}:80"]


async def test_an_ipv6_address_by_socks(office: Run, open_web: Open, names: Names) -> None:
    names.answers["six.example"] = [["::1"]]
    async with (
        office("socks", refuse=b"\x05\x03\x00\x01\0\0\0\0\0\0") as proxy,
        open_web(proxy=parse_proxy(f"socks5://{OPEN}:{proxy.port}")) as web,
    ):
        fetched = await web.get("http://six.example/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "unreachable"
    assert proxy.asked == ["0000:0000:0000:0000:0000:0000:0000:0001:80"]


@pytest.mark.parametrize(
    "url", [f"http://{OPEN}:1", f"https://{OPEN}:1", f"socks5://{OPEN}:1", "http://nowhere.example"]
)
async def test_a_proxy_that_is_not_there(url: str, open_web: Open) -> None:
    async with open_web(proxy=parse_proxy(url)) as web:
        assert (await web.get("http://site.example/", Validators(), now_ms=NOW_MS)).error == "proxy"


async def test_a_proxy_that_speaks_no_tls(open_web: Open, listen: Listen, say: Say, names: Names) -> None:
    async with listen(say()) as server, open_web(proxy=parse_proxy(f"https://{OPEN}:{server.port}")) as web:
        assert (await web.get("http://site.example/", Validators(), now_ms=NOW_MS)).error == "proxy"


async def test_a_proxy_that_breaks_off(open_web: Open, listen: Listen) -> None:
    async def site(stream: trio.abc.Stream) -> None:
        assert isinstance(stream, trio.SocketStream)
        stream.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    async with listen(site) as server, open_web(proxy=parse_proxy(f"http://{OPEN}:{server.port}")) as web:
        assert (await web.get("http://site.example/", Validators(), now_ms=NOW_MS)).error == "proxy"


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port"),
    [
        ("http://proxy", "http", "proxy", 80),
        ("https://proxy", "https", "proxy", 443),
        ("socks5://u:p@[::1]", "socks5", "::1", 1080),
        ("socks5h://proxy:9050", "socks5h", "proxy", 9050),
    ],
)
def test_addresses_of_proxies(url: str, scheme: str, host: str, port: int) -> None:
    proxy = parse_proxy(url)
    assert (proxy.scheme, proxy.host, proxy.port) == (scheme, host, port)
    assert proxy.resolves == (scheme == "socks5h")


@pytest.mark.parametrize(
    "url",
    ["ftp://SECRET@proxy", "http://", "http://u:SECRET@proxy:99999", "proxy:3128", "http://u:SECRET@[::"],
)
def test_what_is_no_proxy_is_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="write a proxy as http://host:port") as refused:
        parse_proxy(url)
    assert "SECRET" not in str(refused.value)


def test_passwords_are_in_no_representation() -> None:
    assert "SECRET" not in repr(parse_proxy("http://ann:SECRET@proxy"))
