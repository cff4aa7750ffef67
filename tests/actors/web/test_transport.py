"""One request over one connection: bounds, broken servers, kept connections, TLS, cancellation."""

import gc
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_address

import httpx
import pytest
import trio
import trio.lowlevel
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from actors.web import Guard, Transport, Web
from actors.web.answers import Answer
from actors.web.connections import Connection, Kept
from actors.web.dialing import dial
from core.addresses import parse_networks
from core.protocol import Validators
from tests.actors.web.conftest import LIMIT, OPEN, Listen, Names, Open, Serve

NOW_MS = 1_800_000_000_000
Say = Callable[..., bytes]
Carrier = Callable[..., Transport]


async def error_of(said: bytes, open_web: Open, listen: Listen) -> str | None:
    """Return what becomes of a server that says this and closes."""

    async def site(stream: trio.abc.Stream) -> None:
        await stream.receive_some(65_536)
        await stream.send_all(said)

    async with listen(site) as server, open_web() as web:
        return (await web.get(f"http://site.example:{server.port}/", Validators(), now_ms=NOW_MS)).error


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x15\x03\x01\x00\x02\x02\x0a",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 201 + b"Content-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + (b"X: " + b"y" * 1000 + b"\r\n") * 70 + b"Content-Length: 0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"y" * 200_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;" + b"y" * 200_000,
    ],
    ids=lambda said: repr(said[:75]),
)
async def test_what_no_server_may_say(said: bytes, open_web: Open, listen: Listen) -> None:
    assert await error_of(said, open_web, listen) == "unreachable"


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\ny",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabcjunk",
        b"HTTP/1.1 200 OK\r\n\r\nabc",
        b"HTTP/1.0 200 OK\r\n\r\nabc",
        b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
        b"HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc",
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
            b"1;x=y\r\na\r\n2  \r\nbc\r\n0\r\nTrailer: x\r\n\r\n"
        ),
        b"HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 199 + b"Content-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nX:\r\nY: caf\xe9\r\nContent-Length: 3\r\n\r\nabc",
    ],
    ids=lambda said: repr(said[:75]),
)
@pytest.mark.parametrize("piece", [65_536, 7, 1])
async def test_what_servers_do_say(said: bytes, piece: int, open_web: Open, listen: Listen) -> None:
    async def site(stream: trio.abc.Stream) -> None:
        await stream.receive_some(65_536)
        for start in range(0, len(said), piece):
            await stream.send_all(said[start : start + piece])

    async with listen(site) as server, open_web() as web:
        fetched = await web.get(f"http://site.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert (fetched.status, fetched.body) == ("ok", b"abc")


@pytest.mark.parametrize("part", ["headers", "body", "chunks", "trailer", "interim"])
async def test_servers_that_never_stop(part: str, open_web: Open, listen: Listen) -> None:
    first, then = {
        "headers": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000),
        "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        "trailer": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
        "interim": (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    }[part]
    sent = 0

    async def site(stream: trio.abc.Stream) -> None:
        nonlocal sent
        await stream.send_all(first)
        while True:
            await stream.send_all(then * 100)
            sent += len(then) * 100

    async with listen(site) as server, open_web() as web:
        fetched = await web.get(f"http://site.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.error == ("too_large" if part in ("body", "chunks") else "unreachable")


async def test_a_request_as_it_goes_out(carrier: Carrier, listen: Listen, say: Say) -> None:
    async with listen(say()) as server, carrier() as transport:
        url = f"http://site.example:{server.port}/a%20b?c=%zz#d"
        for request in (
            httpx.Request("GET", url, headers={"X-One": "1"}, extensions={"target": b"/raw?x"}),
            httpx.Request("POST", url, content=b"body"),
        ):
            response = await transport.handle_async_request(request)
            assert await response.aread() == b"<rss/>"
            await response.aclose()
    one, two = server.heard
    host = f"Host: site.example:{server.port}\r\n".encode()
    assert one == b"GET /raw?x HTTP/1.1\r\n" + host + b"X-One: 1\r\n\r\n"
    assert two.startswith(b"POST /a%20b?c=%zz HTTP/1.1\r\n" + host)
    assert two.endswith(b"Content-Length: 4\r\n\r\nbody")
    assert server.connections == 1


async def test_a_body_that_comes_in_pieces(carrier: Carrier, listen: Listen, say: Say) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"bo", b"dy"):
            await trio.lowlevel.checkpoint()
            yield piece

    async with listen(say()) as server, carrier() as transport:
        url, length = f"http://site.example:{server.port}/", {"Content-Length": "4"}
        request = httpx.Request("PUT", url, headers=length, content=pieces())
        await (await transport.handle_async_request(request)).aclose()
    assert server.heard[0].endswith(b"\r\n\r\nbody")


@pytest.mark.parametrize("value", [b"a\r\nX: y", b"a\nb", b"a\rb", b"a\0b"])
async def test_no_header_holds_another_one(value: bytes, carrier: Carrier) -> None:
    async with carrier() as transport:
        with pytest.raises(httpx.LocalProtocolError):
            await transport.handle_async_request(
                httpx.Request("GET", "http://site.example/", headers=[(b"X", value)])
            )


async def test_other_schemes(carrier: Carrier) -> None:
    async with carrier() as transport:
        with pytest.raises(httpx.UnsupportedProtocol):
            await transport.handle_async_request(httpx.Request("GET", "ftp://site.example/"))


async def test_head_has_no_body(carrier: Carrier, listen: Listen, say: Say) -> None:
    said = say(b"").replace(b"Length: 0", b"Length: 99")
    async with listen(said) as server, carrier() as transport:
        url = f"http://site.example:{server.port}/"
        for _ in range(2):
            response = await transport.handle_async_request(httpx.Request("HEAD", url))
            assert (await response.aread(), response.headers["content-length"]) == (b"", "99")
            await response.aclose()
    assert server.connections == 2


async def test_a_body_after_its_end(carrier: Carrier, listen: Listen, say: Say) -> None:
    async with listen(say().replace(b"Length: 6", b"Length: 7")) as server, carrier() as transport:
        request = httpx.Request("GET", f"http://site.example:{server.port}/")
        response = await transport.handle_async_request(request)
        await response.aclose()
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        with pytest.raises(httpx.StreamError):
            async for _ in stream:
                pass


async def get(transport: Transport, port: int, method: str = "GET", host: str = "site.example") -> bytes:
    response = await transport.handle_async_request(httpx.Request(method, f"http://{host}:{port}/"))
    try:
        return await response.aread()
    finally:
        await response.aclose()


async def test_one_host_is_asked_over_one_connection(carrier: Carrier, listen: Listen, say: Say) -> None:
    kept = Kept()
    async with listen(say()) as server, carrier(kept=kept) as transport:
        for _ in range(5):
            await get(transport, server.port)
        assert (server.connections, len(kept)) == (1, 1)
        await get(transport, server.port, host="other.example")
        assert (server.connections, len(kept)) == (2, 2)
    assert len(kept) == 0


async def test_two_at_once_leave_one(carrier: Carrier, listen: Listen, say: Say) -> None:
    kept = Kept()
    async with listen(say()) as server, carrier(kept=kept) as transport:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(get, transport, server.port)
            nursery.start_soon(get, transport, server.port)
        assert len(kept) == 1


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxjunk",
    ],
)
async def test_connections_that_are_not_kept(said: bytes, carrier: Carrier, listen: Listen) -> None:
    kept = Kept()
    async with listen(said) as server, carrier(kept=kept) as transport:
        assert await get(transport, server.port) == b"x"
        assert await get(transport, server.port) == b"x"
        assert (server.connections, len(kept)) == (2, 0)


def closing_after(count: int, said: bytes) -> Serve:
    """A server that hears one request more than it answers."""

    async def site(stream: trio.abc.Stream) -> None:
        for _ in range(count):
            if not await stream.receive_some(65_536):
                return
            await stream.send_all(said)
        await stream.receive_some(65_536)

    return site


async def test_a_kept_connection_that_dies_is_replaced_silently(
    carrier: Carrier, listen: Listen, say: Say
) -> None:
    async with listen(closing_after(1, say())) as server, carrier() as transport:
        assert [await get(transport, server.port) for _ in range(3)] == [b"<rss/>"] * 3
        assert server.connections == 3


async def test_only_a_get_is_sent_again(carrier: Carrier, listen: Listen, say: Say) -> None:
    async with listen(closing_after(1, say())) as server, carrier() as transport:
        await get(transport, server.port)
        with pytest.raises(httpx.RemoteProtocolError):
            await get(transport, server.port, "POST")
        assert server.connections == 1


async def test_what_was_answered_in_part_is_not_sent_again(
    carrier: Carrier, listen: Listen, say: Say
) -> None:
    async def site(stream: trio.abc.Stream) -> None:
        await stream.receive_some(65_536)
        await stream.send_all(say())
        await stream.receive_some(65_536)
        await stream.send_all(b"HTTP/1.1 2")

    async with listen(site) as server, carrier() as transport:
        await get(transport, server.port)
        with pytest.raises(httpx.RemoteProtocolError):
            await get(transport, server.port)
        assert server.connections == 1


async def test_a_new_connection_that_dies_is_not_replaced(carrier: Carrier, listen: Listen) -> None:
    async with listen(closing_after(0, b"")) as server, carrier() as transport:
        with pytest.raises(httpx.RemoteProtocolError):
            await get(transport, server.port)
        assert server.connections == 1


async def test_a_kept_connection_that_was_closed_or_talks_unasked_is_not_used(
    carrier: Carrier, listen: Listen, say: Say
) -> None:
    talked = trio.Event()

    async def site(stream: trio.abc.Stream) -> None:
        await stream.receive_some(65_536)
        await stream.send_all(say())
        await trio.lowlevel.checkpoint()
        await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        talked.set()
        await trio.sleep_forever()

    async with listen(site) as server, carrier() as transport:
        assert await get(transport, server.port) == b"<rss/>"
        await talked.wait()
        assert await get(transport, server.port) == b"<rss/>"
        assert server.connections == 2


def pair() -> Connection:
    here, there = trio.socket.socketpair()
    there.close()
    stream = trio.SocketStream(here)
    return Connection(stream, stream)


def closed(connection: Connection) -> bool:
    return connection.socket.socket.fileno() == -1


async def test_kept_connections_go_after_two_seconds_or_when_there_are_many(
    autojump_clock: MockClock,
) -> None:
    kept = Kept(most=3)
    connections = [pair() for _ in range(5)]
    for number, connection in enumerate(connections[:4]):
        kept.put(("http", f"h{number}", 80), connection)
    assert [closed(connection) for connection in connections] == [True, False, False, False, False]
    await trio.sleep(2.5)
    kept.put(("http", "h4", 80), connections[4])
    assert [closed(connection) for connection in connections] == [True] * 4 + [False]
    assert kept.take(("http", "h4", 80)) is None  # its other side is closed
    assert closed(connections[4])
    assert len(kept) == 0


async def test_of_one_origin_the_newest_is_kept() -> None:
    kept = Kept()
    one, two = pair(), pair()
    kept.put(("http", "h", 80), one)
    kept.put(("http", "h", 80), two)
    assert (closed(one), closed(two)) == (True, False)
    kept.close()
    assert closed(two)


async def test_over_tls(open_web: Open, listen: Listen, say: Say, names: Names) -> None:
    async with listen(say(), tls=("site.example",)) as server, open_web() as web:
        results = [
            await web.get(f"https://{host}:{server.port}/", Validators(), now_ms=NOW_MS)
            for host in ("site.example", "other.example", "site.example", OPEN)
        ]
        assert [fetched.error for fetched in results] == [None, "unreachable", None, "unreachable"]
        assert results[0].body == b"<rss/>"
    assert server.connections == 3


async def test_tls_for_an_address(open_web: Open, listen: Listen, say: Say) -> None:
    async with listen(say(), tls=(OPEN,)) as server, open_web() as web:
        assert (await web.get(f"https://{OPEN}:{server.port}/", Validators(), now_ms=NOW_MS)).status == "ok"


async def test_nobody_is_trusted_without_a_reason(
    open_web: Open, listen: Listen, names: Names, say: Say
) -> None:
    transport = Transport(Guard(names, networks=parse_networks(OPEN)))
    web = Web(transport, user_agent="x", timeout_s=5, max_body_bytes=LIMIT)
    async with listen(say(), tls=("site.example",)) as server, transport:
        fetched = await web.get(f"https://site.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "unreachable"


async def test_tls_where_there_is_none(open_web: Open, listen: Listen, say: Say) -> None:
    async with listen(say()) as server, open_web() as web:
        assert (
            await web.get(f"https://site.example:{server.port}/", Validators(), now_ms=NOW_MS)
        ).error == "unreachable"


@pytest.mark.parametrize("silent", ["connected", "asked", "headers", "body", "handshake"])
async def test_silence_costs_the_deadline_and_leaves_nothing_open(
    silent: str, carrier: Carrier, listen: Listen
) -> None:
    heard = trio.Event()

    async def site(stream: trio.abc.Stream) -> None:
        await stream.receive_some(65_536)
        if silent in ("headers", "body"):
            await stream.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + b"\r\n" * (silent == "body"))
        heard.set()
        assert await stream.receive_some(65_536) == b""  # the other side has closed

    scheme = "https" if silent == "handshake" else "http"
    async with listen(site) as server, carrier() as transport, trio.open_nursery() as nursery:

        async def ask() -> None:
            request = httpx.Request("GET", f"{scheme}://site.example:{server.port}/")
            response = await transport.handle_async_request(request)
            try:
                await response.aread()
            finally:
                await response.aclose()

        nursery.start_soon(ask)
        await heard.wait()
        nursery.cancel_scope.cancel()
    gc.collect()  # a socket left open would be a ResourceWarning, and that an error


async def test_the_next_address_is_tried_where_one_refuses(
    open_web: Open, listen: Listen, say: Say, names: Names
) -> None:
    names.answers["two.example"] = [["::1", "127.0.0.77", OPEN]]
    async with listen(say()) as server, open_web(networks="127.0.0.0/8 ::1") as web:
        fetched = await web.get(f"http://two.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.status == "ok"


async def test_the_next_address_is_tried_where_one_says_nothing(
    open_web: Open, listen: Listen, say: Say, names: Names
) -> None:
    names.answers["two.example"] = [["127.0.0.77", OPEN]]
    async with listen(say()) as server, open_web(networks="127.0.0.0/8") as web:
        with socket.socket() as deaf, ExitStack() as stack:
            deaf.bind(("127.0.0.77", server.port))
            deaf.listen(0)
            for _ in range(3):  # its queue is full, so it takes no more
                waiting = stack.enter_context(socket.socket())
                waiting.settimeout(0)
                waiting.connect_ex(("127.0.0.77", server.port))
            fetched = await web.get(f"http://two.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.status == "ok"


async def test_two_addresses_that_answer_at_once_leave_one_connection(listen: Listen, say: Say) -> None:
    async with listen(say()) as server, listen(say(), host="127.0.0.77", port=server.port):
        for _ in range(20):
            stream = await dial([ip_address(OPEN), ip_address("127.0.0.77")], server.port)
            stream.socket.close()
    gc.collect()


async def test_connecting_can_be_given_up(listen: Listen, say: Say) -> None:
    async with listen(say()) as server:

        async def connect() -> None:
            stream = await dial([ip_address(OPEN), ip_address("127.0.0.77")], server.port)
            stream.socket.close()

        for checkpoints in range(6):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(connect)
                for _ in range(checkpoints):
                    await trio.lowlevel.checkpoint()
                nursery.cancel_scope.cancel()


async def test_no_address_answers(names: Names, open_web: Open) -> None:
    names.answers["two.example"] = [["127.0.0.77", "127.0.0.78"]]
    async with open_web(networks="127.0.0.0/8") as web:
        assert (await web.get("http://two.example:1/", Validators(), now_ms=NOW_MS)).error == "unreachable"


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest))
def test_arbitrary_bytes_are_an_answer_or_an_http_error(said: bytes) -> None:
    answer = Answer()
    try:
        for start in range(0, len(said), 50):
            answer.feed(said[start : start + 50])
        answer.feed(b"")
    except httpx.RemoteProtocolError:
        return
    assert answer.complete
    assert answer.status >= 200


def cuts(data: st.DataObject, size: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < size:
        end = data.draw(st.integers(start + 1, size))
        yield start, end
        start = end


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.data())
def test_chunks_are_put_together_however_they_arrive(chunks: list[bytes], data: st.DataObject) -> None:
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    said += b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    answer = Answer()
    for start, end in cuts(data, len(said)):
        assert not answer.complete
        answer.feed(said[start:end])
    assert answer.complete
    assert answer.may_keep
    assert b"".join(answer.pieces) == b"".join(chunks)


@given(st.binary(min_size=1, max_size=200), st.integers(0, 199), st.data())
def test_damaged_chunks_never_give_more_than_was_sent(noise: bytes, at: int, data: st.DataObject) -> None:
    said = bytearray(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"5\r\nabcde\r\n" * 15 + b"0\r\n\r\n"
    )
    said[at : at + len(noise)] = noise
    answer = Answer()
    try:
        for start, end in cuts(data, len(said)):
            answer.feed(bytes(said[start:end]))
    except httpx.RemoteProtocolError:
        pass
    assert sum(map(len, answer.pieces)) <= len(said)
    assert len(answer.headers) <= 200
