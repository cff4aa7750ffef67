"""One handler, reached over a real port and in memory: the client must not see a difference."""

import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

import h11
import httpx
import pytest
import trio

from simulation.http import Cut, Handler, InMemoryTransport, Reply, Request, serve

Connect = Callable[[Handler], AbstractAsyncContextManager[httpx.AsyncClient]]


@asynccontextmanager
async def over_loopback(handler: Handler) -> AsyncIterator[httpx.AsyncClient]:
    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, handler)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def in_memory(handler: Handler) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=InMemoryTransport(handler), base_url="http://site.example"
    ) as client:
        yield client


@asynccontextmanager
async def raw_to(client: httpx.AsyncClient) -> AsyncIterator[trio.SocketStream]:
    async with await trio.open_tcp_stream("127.0.0.1", client.base_url.port or 0) as stream:
        yield stream


@pytest.fixture(params=[over_loopback, in_memory], ids=["loopback", "memory"])
def connect(request: pytest.FixtureRequest) -> Connect:
    way: Connect = request.param
    return way


class Echo:
    """Keeps what it was asked and answers with a prepared reply."""

    def __init__(self, reply: Reply | None = None) -> None:
        self.reply = reply or Reply(body=b"hello", headers=(("content-type", "text/plain"),))
        self.asked: list[Request] = []

    async def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        return self.reply


async def test_request_arrives_whole(connect: Connect) -> None:
    echo = Echo()
    async with connect(echo) as client:
        answer = await client.post("/a%20b/c?x=1&y=&z=%C3%A9", content=b"body", headers={"X-Thing": "Yes"})
    asked = echo.asked[0]
    assert (answer.status_code, answer.text) == (200, "hello")
    assert (asked.method, asked.path, asked.body) == ("POST", "/a b/c", b"body")
    assert asked.query == [("x", "1"), ("y", ""), ("z", "é")]
    assert asked.header("x-thing") == "Yes"
    assert asked.header("nothing", "else") == "else"
    assert asked.host in ("127.0.0.1", "site.example")


async def test_chunked_body_arrives_whole(connect: Connect) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(5):
            yield b"%d" % number * 10_000

    echo = Echo()
    async with connect(echo) as client:
        await client.post("/", content=pieces())
    assert echo.asked[0].body == b"".join(b"%d" % number * 10_000 for number in range(5))


async def test_many_requests_one_client(connect: Connect) -> None:
    echo = Echo()
    async with connect(echo) as client:
        answers = [await client.get(f"/{number}") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert [asked.path for asked in echo.asked] == ["/0", "/1", "/2", "/3", "/4"]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 304), ("GET", 204)])
async def test_answers_without_body(connect: Connect, method: str, status: int) -> None:
    echo = Echo(Reply(status=status, body=b"hello" if status == 200 else b""))
    async with connect(echo) as client:
        first = await client.request(method, "/")
        second = await client.request(method, "/")
    assert (first.status_code, first.content) == (status, b"")
    assert second.status_code == status
    assert first.headers.get("content-length") == ("5" if method == "HEAD" else None)


async def test_encoded_body_is_left_alone(connect: Connect) -> None:
    zipped = gzip.compress(b"words " * 100)
    echo = Echo(Reply(headers=(("content-encoding", "gzip"),), body=zipped))
    async with connect(echo) as client:
        assert (await client.get("/")).content == b"words " * 100
        async with client.stream("GET", "/") as answer:
            assert b"".join([piece async for piece in answer.aiter_raw()]) == zipped


@pytest.mark.parametrize(
    ("cut", "error"),
    [
        ("no_answer", httpx.RemoteProtocolError),
        ("reset", httpx.ReadError),
        ("half", httpx.RemoteProtocolError),
    ],
)
async def test_cuts_are_the_errors_of_httpx(connect: Connect, cut: Cut, error: type[Exception]) -> None:
    echo = Echo(Reply(body=b"hello" * 10, cut=cut))
    async with connect(echo) as client:
        with pytest.raises(error):
            await client.get("/")
        echo.reply = Reply(body=b"fine")
        assert (await client.get("/")).text == "fine"


async def test_half_of_nothing_is_cut_too(connect: Connect) -> None:
    async with connect(Echo(Reply(cut="half"))) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/")


async def test_half_comes_before_the_cut(connect: Connect) -> None:
    got = b""
    echo = Echo(Reply(body=b"0123456789", cut="half"))
    async with connect(echo) as client, client.stream("GET", "/") as answer:
        with suppress(httpx.RemoteProtocolError):
            async for piece in answer.aiter_bytes():
                got += piece
    assert got == b"01234"


async def test_refused() -> None:
    echo = Echo(Reply(cut="refuse"))
    async with in_memory(echo) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("/")
    async with over_loopback(echo) as client:
        with pytest.raises(httpx.ReadError):
            await client.get("/")


async def test_drips_arrive_in_order(connect: Connect) -> None:
    echo = Echo(Reply(body=b"0123456", drip_s=0.001, drip_bytes=3))
    async with connect(echo) as client, client.stream("GET", "/") as answer:
        assert b"".join([piece async for piece in answer.aiter_bytes()]) == b"0123456"


async def test_server_asks_for_the_body_it_waits_for() -> None:
    echo = Echo()
    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, echo)
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            await stream.send_all(
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
            )
            assert (await stream.receive_some()).startswith(b"HTTP/1.1 100 ")
            await stream.send_all(b"ok")
            assert (await stream.receive_some()).startswith(b"HTTP/1.1 200 ")
            assert echo.asked[0].body == b"ok"
            nursery.cancel_scope.cancel()


@pytest.mark.parametrize(
    "said", [b"", b"no HTTP at all\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"]
)
async def test_broken_clients_end_only_themselves(said: bytes) -> None:
    async with over_loopback(Echo()) as client, raw_to(client) as stream:
        await stream.send_all(said)
        await stream.send_eof()
        assert await stream.receive_some() == b""
        assert (await client.get("/")).text == "hello"


async def test_connection_closes_when_asked_to() -> None:
    async with over_loopback(Echo()) as client, raw_to(client) as stream:
        await stream.send_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        parser = h11.Connection(h11.CLIENT)
        parser.send(h11.Request(method="GET", target="/", headers=[("host", "a")]))
        parser.send(h11.EndOfMessage())
        while data := await stream.receive_some():
            parser.receive_data(data)
        answer = parser.next_event()
        assert isinstance(answer, h11.Response)
        assert answer.status_code == 200


async def test_client_that_leaves_does_not_stop_the_handler() -> None:
    done = trio.Event()
    asked = trio.Event()
    leave = trio.Event()

    async def slow(_request: Request) -> Reply:
        asked.set()
        await leave.wait()
        done.set()
        return Reply(body=b"x" * 10_000_000)

    async with over_loopback(slow) as client:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(client.get, "/")
            await asked.wait()
            nursery.cancel_scope.cancel()
        leave.set()
        await done.wait()


async def test_hang_keeps_the_connection_open() -> None:
    heard = trio.Event()

    async def handler(request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        heard.set()
        return Reply(cut="hang" if request.path == "/hang" else "none", body=b"others go on")

    async with over_loopback(handler) as client, trio.open_nursery() as nursery:
        nursery.start_soon(client.get, "/hang")
        await heard.wait()
        assert (await client.get("/")).text == "others go on"
        nursery.cancel_scope.cancel()


async def test_error_of_the_handler_ends_the_server() -> None:
    async def broken(_request: Request) -> Reply:
        raise ZeroDivisionError

    with pytest.RaisesGroup(ZeroDivisionError, flatten_subgroups=True):
        async with over_loopback(broken) as client:
            with suppress(httpx.HTTPError):
                await client.get("/")
            await trio.sleep_forever()


def test_host_without_port() -> None:
    asked = Request(method="GET", target="/", headers=(("host", "[::1]:80"),))
    assert asked.host == "::1"
    assert replace(asked, headers=()).host == ""
    assert replace(asked, headers=(("host", "News.Example:8080"),)).host == "news.example"


async def test_port_may_be_chosen() -> None:
    async with trio.open_nursery() as nursery:
        first = await nursery.start(serve, Echo())
        nursery.cancel_scope.cancel()
    async with trio.open_nursery() as nursery:
        assert await nursery.start(partial(serve, Echo(), port=first)) == first
        nursery.cancel_scope.cancel()
