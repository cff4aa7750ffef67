"""What the operator opens is open, and no more; proxies are given checked addresses (S8, S9)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
import trio

from tests.canaries.conftest import FEED, OPEN, Canary, Names, Site, StartPolls

PUBLIC = "93.184.215.14"  # nobody connects there: the proxy that is asked for it answers itself


async def test_the_canary_notices(
    canary: Canary, dialled: list[str], nursery: trio.Nursery, polls: StartPolls
) -> None:
    """The control: where loopback is allowed, the same ways do lead to it."""
    async with polls(allow_networks="127.0.0.0/8 ::1", http_timeout=0.2) as polling:
        await polling.add(f"http://127.1:{canary.port}/")
        await polling.add(f"http://localtest.example:{canary.port}/")
        errors = [report.error for report in await polling.look()]
    assert errors == ["timeout", "timeout"]
    assert canary.knocks() == 2
    assert dialled == ["127.0.0.1", "127.0.0.1"]


async def test_an_allowed_host_is_open_at_its_port_and_by_its_name(
    canary: Canary, site: Site, nursery: trio.Nursery, polls: StartPolls
) -> None:
    target = f"inside.example:{canary.port}"
    ways = [f"http://{target}/", site.moves("/moved", 302, f"http://{target}/")]
    closed = [
        f"http://127.0.0.1:{canary.port}/",
        f"http://localtest.example:{canary.port}/",
        site.moves("/other", 302, f"http://127.1:{canary.port}/"),
    ]
    async with polls(allow_hosts=target) as polling:
        for url in closed:
            await polling.add(url)
        assert {report.error for report in await polling.look()} == {"address_blocked"}
        assert canary.knocks() == 0
        nursery.start_soon(canary.answer)
        for url in ways:
            await polling.add(url)
        assert [report.error for report in await polling.look()][3:] == [None, None]
    nursery.cancel_scope.cancel()


async def test_an_allowed_host_at_another_port_is_closed(canary: Canary, polls: StartPolls) -> None:
    async with polls(allow_hosts=f"inside.example:{canary.port + 1} localtest.example:1") as polling:
        for name in ("inside", "localtest"):
            await polling.add(f"http://{name}.example:{canary.port}/")
        assert {report.error for report in await polling.look()} == {"address_blocked"}
    assert canary.knocks() == 0


async def test_an_allowed_network_is_open_and_its_neighbour_is_not(
    canary: Canary, dialled: list[str], nursery: trio.Nursery, polls: StartPolls
) -> None:
    nursery.start_soon(canary.answer)
    async with polls(allow_networks="127.0.0.64/31") as polling:
        for last in (63, 64, 65, 66):
            await polling.add(f"http://127.0.0.{last}:{canary.port}/")
        errors = [report.error for report in await polling.look()]
    nursery.cancel_scope.cancel()
    assert errors == ["address_blocked", None, None, "address_blocked"]
    assert sorted(dialled) == ["127.0.0.64", "127.0.0.65"]


async def test_proxies_of_the_environment_are_not_asked(
    canary: Canary, dialled: list[str], site: Site, polls: StartPolls, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    async with polls() as polling:
        await polling.add(site.shows("/feed", FEED))
        assert [report.status for report in await polling.look()] == ["ok"]
    assert canary.knocks() == 0
    assert set(dialled) == {OPEN}


@dataclass
class Between:
    """A proxy that notes what it is asked for, and answers each request itself with a page of the site's."""

    answers: list[bytes]
    asked: list[bytes] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)

    async def http(self, stream: trio.abc.Stream) -> None:
        head = bytes(await stream.receive_some(65_536))
        self.asked.append(head.split(b"\r\n")[0])
        await self._serve(stream, b"HTTP/1.1 200 OK\r\n\r\n")

    async def socks5(self, stream: trio.abc.Stream) -> None:
        await stream.receive_some(65_536)
        await stream.send_all(b"\x05\x00")
        self.asked.append(bytes(await stream.receive_some(65_536)))
        await self._serve(stream, b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")

    async def _serve(self, stream: trio.abc.Stream, done: bytes) -> None:
        await stream.send_all(done)
        self.heads.append(bytes(await stream.receive_some(65_536)))
        await stream.send_all(self.answers.pop(0))


def _says(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


Serve = Callable[[trio.abc.Stream], Awaitable[None]]


async def _listen(nursery: trio.Nursery, serve: Serve) -> int:
    async def handle(stream: trio.SocketStream) -> None:
        async with stream:
            await serve(stream)

    listeners = await trio.open_tcp_listeners(0, host=OPEN)
    nursery.start_soon(trio.serve_listeners, handle, listeners)
    port: int = listeners[0].socket.getsockname()[1]
    return port


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_is_asked_for_checked_addresses_and_never_for_the_canary(
    scheme: str, canary: Canary, dialled: list[str], names: Names, nursery: trio.Nursery, polls: StartPolls
) -> None:
    names.answers |= {"public.example": [[PUBLIC]], "turns.example": [[PUBLIC], ["127.0.0.1"]]}
    inside = f"http://127.1:{canary.port}/"
    between = Between([_says(FEED), _says(b"", f"Location: {inside}", status="302 Found"), _says(FEED)])
    port = await _listen(nursery, between.http if scheme == "http" else between.socks5)
    async with polls(proxy_fetch=f"{scheme}://{OPEN}:{port}", http_concurrency=1) as polling:
        for url in ("http://public.example/a", "http://public.example/b", "http://turns.example/"):
            await polling.add(url)
        await polling.add(inside)
        await polling.add(f"http://inside.example:{canary.port}/")
        first = [report.error for report in await polling.look()]
        between.answers += [_says(FEED), _says(FEED)]
        second = [report.error for report in await polling.look()]
    blocked = "address_blocked"
    assert first == [None, blocked, None, blocked, blocked]
    assert second == [None, None, blocked, blocked, blocked], "a name is looked up for each connection"
    by_http, by_socks = f"CONNECT {PUBLIC}:80 HTTP/1.1".encode(), bytes([5, 1, 0, 1, 93, 184, 215, 14, 0, 80])
    assert between.asked == [by_http if scheme == "http" else by_socks] * 5
    assert [head.split(b"Host: ")[1].split(b"\r\n")[0] for head in between.heads[:3]] == [
        *(b"public.example",) * 2,
        b"turns.example",
    ]
    assert canary.knocks() == 0
    assert set(dialled) == {OPEN}
