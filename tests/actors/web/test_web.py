"""Fetching documents from servers of every kind."""

import gzip
import importlib.util
import itertools
import random
import sys
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial

import httpx
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from actors.web import Fetched, Guard, Hop, Transport, Web, ask_the_system
from actors.web.bodies import hash_of, inflate
from actors.web.targets import Target
from core.addresses import parse_networks
from core.protocol import Validators
from simulation.http import InMemoryTransport, Reply, Request, serve

URL = "http://site.example/feed"
NOW_MS = 1_800_000_000_000
LIMIT = 10_000

Site = Callable[[Request], Reply]
Get = Callable[..., Awaitable[Fetched]]


async def fetch(
    site: Site | Reply,
    url: str = URL,
    validators: Validators | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Fetched:
    async def handle(request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        return site if isinstance(site, Reply) else site(request)

    transport = transport or InMemoryTransport(handle)
    return await web_over(transport).get(url, validators or Validators(), now_ms=NOW_MS)


def web_over(transport: httpx.AsyncBaseTransport) -> Web:
    return Web(transport, user_agent="Vestnik/test", timeout_s=20, max_body_bytes=LIMIT)


def loopback() -> Transport:
    return Transport(Guard(ask_the_system, networks=parse_networks("127.0.0.0/8, ::1")))


def compressed(body: bytes, coding: str = "gzip", how: Callable[[bytes], bytes] = gzip.compress) -> Reply:
    return Reply(headers=(("content-encoding", coding),), body=how(body))


async def test_a_document(autojump_clock: MockClock) -> None:
    asked: list[Request] = []

    def site(request: Request) -> Reply:
        asked.append(request)
        headers = (
            ("ETag", '"x"'),
            ("Last-Modified", "Fri, 15 Jan 2027 08:00:00 GMT"),
            ("Content-Type", "text/xml"),
        )
        return Reply(headers=headers, body=b"<rss/>")

    assert await fetch(site) == Fetched(
        status="ok",
        url=URL,
        body=b"<rss/>",
        content_type="text/xml",
        validators=Validators(
            etag='"x"', last_modified="Fri, 15 Jan 2027 08:00:00 GMT", body_hash=hash_of(b"<rss/>")
        ),
    )
    [request] = asked
    assert request.header("user-agent") == "Vestnik/test"
    assert request.header("accept-encoding") == "gzip"
    assert request.header("if-none-match", "absent") == "absent"
    assert request.header("if-modified-since", "absent") == "absent"


async def test_a_document_without_validators(autojump_clock: MockClock) -> None:
    fetched = await fetch(Reply(body=b"x"))
    assert (fetched.validators, fetched.content_type) == (Validators(body_hash=hash_of(b"x")), "")


@pytest.mark.parametrize(
    "validators",
    [
        Validators(etag='W/"a, b"', last_modified="Sunday, 06-Nov-94 08:49:37 GMT"),
        Validators(etag="without-quotes"),
        Validators(last_modified="yesterday, or so"),
        Validators(etag=""),
        Validators(etag='"caf\xe9"'),
    ],
)
async def test_validators_are_echoed_exactly(validators: Validators, autojump_clock: MockClock) -> None:
    asked: list[Request] = []

    def site(request: Request) -> Reply:
        asked.append(request)
        return Reply(status=304)

    assert await fetch(site, validators=validators) == Fetched(status="not_modified", url=URL)
    assert asked[0].header("if-none-match", "absent") == (
        "absent" if validators.etag is None else validators.etag
    )
    assert asked[0].header("if-modified-since", "absent") == (validators.last_modified or "absent")


async def test_an_entity_tag_of_any_bytes_goes_there_and_back() -> None:
    """Servers make them of whatever they like (RFC 9110, 8.8.3 allows 80 to FF)."""
    tag = b'"caf\xe9 \xd1\x91"'
    asked: list[bytes] = []

    async def site(stream: trio.SocketStream) -> None:
        asked.append(await stream.receive_some())
        await stream.send_all(b"HTTP/1.1 200 OK\r\nETag: " + tag + b"\r\nContent-Length: 1\r\n\r\nx")
        await stream.aclose()

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(partial(trio.serve_tcp, site, 0, host="127.0.0.1"))
        url = f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}/"
        async with loopback() as transport:
            web = web_over(transport)
            first = await web.get(url, Validators(), now_ms=NOW_MS)
            assert first.status == "ok"
            assert first.validators is not None
            again = await web.get(url, Validators(etag=first.validators.etag), now_ms=NOW_MS)
        assert again.status == "ok"
        nursery.cancel_scope.cancel()
    assert b"If-None-Match" not in asked[0]
    assert b"\r\nIf-None-Match: " + tag + b"\r\n" in asked[1]


async def test_over_a_real_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    # The environment's proxy would see every address that is watched here.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    async def site(request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        match request.path:
            case "/feed":
                body = gzip.compress(b"<rss/>" * 1000)
                return Reply(headers=(("content-encoding", "gzip"), ("etag", '"1"')), body=body)
            case "/moved":
                return Reply(status=301, headers=(("location", "/feed"),))
            case "/reset":
                return Reply(cut="reset")
            case "/half":
                return Reply(body=b"x" * 100, cut="half")
            case _:
                return Reply(status=404)

    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, site)
        base = f"http://127.0.0.1:{port}"
        async with loopback() as transport:
            web = web_over(transport)
            results = {
                path: await web.get(base + path, Validators(), now_ms=NOW_MS)
                for path in ("/feed", "/moved", "/reset", "/half", "/nothing")
            }
        nursery.cancel_scope.cancel()
    assert results["/feed"].body == b"<rss/>" * 1000
    assert (results["/moved"].url, results["/moved"].body) == (f"{base}/feed", b"<rss/>" * 1000)
    assert [results[path].error for path in ("/reset", "/half", "/nothing")] == [
        *("unreachable", "unreachable", "http_status")
    ]


@pytest.mark.parametrize("coding", ["", "identity", "gzip", " GZIP ", "x-gzip", "deflate"])
async def test_known_codings(coding: str, autojump_clock: MockClock) -> None:
    body = b"document " * 500
    how: dict[str, Callable[[bytes], bytes]] = {"": bytes, "identity": bytes, "deflate": zlib.compress}
    fetched = await fetch(compressed(body, coding, how.get(coding, gzip.compress)))
    assert (fetched.status, fetched.body) == ("ok", body)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "nonsense"])
async def test_unknown_codings_are_refused(coding: str, autojump_clock: MockClock) -> None:
    fetched = await fetch(compressed(b"x", coding))
    assert (fetched.status, fetched.error, fetched.body) == ("failed", "bad_encoding", b"")


@pytest.mark.parametrize(
    "how",
    [
        lambda body: gzip.compress(body)[:-1],
        lambda body: gzip.compress(body)[:15],
        lambda body: gzip.compress(body) + gzip.compress(body)[:15],
        lambda body: b"no gzip" + body,
        lambda body: gzip.compress(body)[:-8] + b"\0" * 8,
        lambda _: b"",
    ],
    ids=["last byte", "half", "second member", "none", "checksum", "empty"],
)
async def test_damaged_compression_is_refused(
    how: Callable[[bytes], bytes], autojump_clock: MockClock
) -> None:
    assert (await fetch(compressed(b"document " * 100, how=how))).error == "bad_encoding"


async def test_a_gzip_file_of_several_members(autojump_clock: MockClock) -> None:
    """RFC 1952, 2.2: a file consists of a series of members."""
    fetched = await fetch(
        compressed(b"", how=lambda _: b"".join(gzip.compress(part) for part in (b"a", b"", b"b")))
    )
    assert (fetched.status, fetched.body) == ("ok", b"ab")


@pytest.mark.parametrize("rest", [b"\0", b"\0" * 5000, b"\x1f", b"trailing words"])
async def test_what_follows_compressed_data_is_ignored(rest: bytes, autojump_clock: MockClock) -> None:
    fetched = await fetch(compressed(b"document", how=lambda body: gzip.compress(body) + rest))
    assert (fetched.status, fetched.body) == ("ok", b"document")


class Endless(httpx.AsyncBaseTransport, httpx.AsyncByteStream):
    """A server whose body never ends; counts what was taken."""

    def __init__(self, coding: str, *first: bytes, then: bytes) -> None:
        self.taken = 0
        self._coding = coding
        self._first = first
        self._then = then

    async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
        await trio.lowlevel.checkpoint()
        return httpx.Response(200, headers={"content-encoding": self._coding}, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in itertools.chain(self._first, itertools.repeat(self._then)):
            await trio.lowlevel.checkpoint()
            self.taken += len(piece)
            yield piece


async def test_an_endless_body_is_refused(autojump_clock: MockClock) -> None:
    server = Endless("identity", then=b"x" * 1000)
    assert (await fetch(Reply(), transport=server)).error == "too_large"
    assert server.taken < 200_000


async def test_an_endless_end_of_compressed_data_is_refused(autojump_clock: MockClock) -> None:
    server = Endless("gzip", gzip.compress(b"document"), then=b"\0" * 1000)
    assert (await fetch(Reply(), transport=server)).error == "too_large"
    assert server.taken < 200_000


async def test_a_length_over_the_limit_is_not_read(autojump_clock: MockClock) -> None:
    server = Endless("identity", then=b"x")

    class Long(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await server.handle_async_request(request)
            response.headers["content-length"] = str(10**30)
            return response

    assert (await fetch(Reply(), transport=Long())).error == "too_large"
    assert server.taken == 0


@pytest.mark.parametrize("how", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("size", "error"), [(LIMIT, None), (LIMIT + 1, "too_large"), (50 * 2**20, "too_large")]
)
async def test_the_limit_is_on_what_was_decompressed(
    size: int, error: str | None, how: Callable[[bytes], bytes], autojump_clock: MockClock
) -> None:
    fetched = await fetch(compressed(b"\0" * size, "identity" if how is bytes else "gzip", how))
    assert fetched.error == error
    assert len(fetched.body) == (0 if error else size)


async def test_bare_deflate(autojump_clock: MockClock) -> None:
    """What RFC 9110, 8.4.1.2 warns of: some servers send it without its wrapping."""
    body = b"document " * 500
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    fetched = await fetch(compressed(b"", "deflate", lambda _: squeeze.compress(body) + squeeze.flush()))
    assert (fetched.status, fetched.body) == ("ok", body)


@pytest.mark.parametrize(("members", "error"), [(1000, None), (1001, "bad_encoding")])
async def test_empty_members_cost_time_as_well(
    members: int, error: str | None, autojump_clock: MockClock
) -> None:
    async def handle(_request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        return compressed(b"", how=lambda body: gzip.compress(body) * members)

    web = Web(InMemoryTransport(handle), user_agent="x", timeout_s=20, max_body_bytes=100_000)
    assert (await web.get(URL, Validators(), now_ms=NOW_MS)).error == error


async def test_without_the_faster_inflater(
    monkeypatch: pytest.MonkeyPatch, autojump_clock: MockClock
) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    spec = importlib.util.find_spec("actors.web.bodies")
    assert spec is not None
    assert spec.loader is not None
    slower = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(slower)
    assert slower.inflaters is zlib
    assert await slower.inflate(gzip.compress(b"document"), "gzip", limit_bytes=100) == b"document"
    for wire, error in ((b"no gzip", slower.BadEncoding), (gzip.compress(b"x" * 101), slower.BodyTooLarge)):
        with pytest.raises(error):
            await slower.inflate(wire, "gzip", limit_bytes=100)


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 300_000])
async def test_bodies_of_every_size_are_inflated(size: int, autojump_clock: MockClock) -> None:
    body = random.Random(1).randbytes(size)
    wire = gzip.compress(body[:100]) + gzip.compress(body[100:])
    assert await inflate(wire, "gzip", limit_bytes=size) == body


async def test_a_bomb_of_many_members(autojump_clock: MockClock) -> None:
    assert (await fetch(compressed(b"x" * 100, how=lambda b: gzip.compress(b) * 200))).error == "too_large"


@pytest.mark.parametrize(
    "reply",
    [Reply(body=b"x" * 100, drip_s=1), Reply(cut="hang"), Reply(delay_s=21), Reply(body=b"xx", drip_s=15)],
    ids=["byte by byte", "hanging", "late", "slow"],
)
async def test_the_whole_fetch_has_its_time(reply: Reply, autojump_clock: MockClock) -> None:
    fetched = await fetch(reply)
    assert (fetched.status, fetched.error) == ("failed", "timeout")
    assert trio.current_time() == 20


async def test_redirects_count_towards_the_time(autojump_clock: MockClock) -> None:
    def site(request: Request) -> Reply:
        return Reply(status=302, headers=(("location", f"{request.target}x"),), delay_s=7)

    assert (await fetch(site)).error == "timeout"
    assert trio.current_time() == 20


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(status: int, autojump_clock: MockClock) -> None:
    def site(request: Request) -> Reply:
        if request.target == "/feed":
            return Reply(status=status, headers=(("location", "https://other.example/a?b#c"),))
        return Reply(body=request.host.encode())

    fetched = await fetch(site)
    assert (fetched.url, fetched.body) == ("https://other.example/a?b#c", b"other.example")
    assert fetched.hops == (Hop(status=status, url=fetched.url),)


@pytest.mark.parametrize(
    "location", ["/feed", "ftp://site.example/", "file:///etc/passwd", "http://[broken", "http://", "//"]
)
async def test_redirects_in_a_circle_and_to_nowhere(location: str, autojump_clock: MockClock) -> None:
    asked: list[Request] = []

    def site(request: Request) -> Reply:
        asked.append(request)
        return Reply(status=302, headers=(("location", location),))

    fetched = await fetch(site)
    assert (fetched.status, fetched.error) == ("failed", "bad_redirect")
    assert len(asked) <= 11


@pytest.mark.parametrize("location", ["javascript:alert(1)", "data:text/plain,x", "mailto:a@site.example"])
async def test_redirects_to_what_is_no_place(location: str, autojump_clock: MockClock) -> None:
    fetched = await fetch(Reply(status=302, headers=(("location", location),)))
    assert fetched.status == "failed"


async def test_a_redirect_without_a_location(autojump_clock: MockClock) -> None:
    fetched = await fetch(Reply(status=302))
    assert (fetched.status, fetched.error, fetched.error_args) == ("failed", "http_status", ("302",))


@pytest.mark.parametrize(
    ("status", "result"), [(403, "failed"), (404, "failed"), (410, "gone"), (500, "failed")]
)
async def test_bad_statuses(status: int, result: str, autojump_clock: MockClock) -> None:
    fetched = await fetch(Reply(status=status, body=b"x" * 99_999))
    assert (fetched.status, fetched.error, fetched.error_args) == (result, "http_status", (str(status),))
    assert (fetched.body, fetched.validators) == (b"", None)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Fri, 15 Jan 2027 08:01:30 GMT", 90),
        ("soon", None),
        ("-5", None),
        ("Fri, 15 Jan 99999999999999999999 08:00:00 GMT", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_servers_that_ask_for_time(
    status: int, value: str | None, seconds: float | None, autojump_clock: MockClock
) -> None:
    headers = () if value is None else (("retry-after", value),)
    assert (await fetch(Reply(status=status, headers=headers))).retry_after_s == seconds


@pytest.mark.parametrize("cut", ["refuse", "no_answer", "reset", "half"])
async def test_broken_connections(cut: str, autojump_clock: MockClock) -> None:
    reply = Reply(body=b"x" * 100, cut=cut)  # type: ignore[arg-type] # one of the four
    fetched = await fetch(reply)
    assert (fetched.status, fetched.error, fetched.url) == ("failed", "unreachable", URL)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("", "not_a_url"),
        ("site.example", "not_a_url"),
        ("http://", "not_a_url"),
        ("http://[::1", "not_a_url"),
        ("http://[fe80::1%25lo]/", "not_a_url"),
        ("http://a:b/", "not_a_url"),
        ("http://site.example:99999/", "not_a_url"),
        ("http://site.example/\ud800", "not_a_url"),
        ("http://xn--/", "not_a_url"),
        ("http://site.example/" + "x" * 70_000, "too_long"),
        ("ftp://site.example/", "not_http"),
        ("file:///etc/passwd", "not_http"),
    ],
)
async def test_what_is_no_web_address_is_not_asked_for(
    url: str, error: str, autojump_clock: MockClock
) -> None:
    fetched = await fetch(_must_not_be_asked, url)
    assert (fetched.status, fetched.error, fetched.url) == ("failed", error, url)


def _must_not_be_asked(request: Request) -> Reply:
    raise AssertionError(request)


async def test_a_port_that_no_socket_takes() -> None:
    async with loopback() as transport:
        fetched = await web_over(transport).get("http://127.0.0.1:0/", Validators(), now_ms=NOW_MS)
    assert (fetched.status, fetched.error) == ("failed", "unreachable")


async def test_a_body_that_is_known_is_not_modified(autojump_clock: MockClock) -> None:
    reply = replace(compressed(b"document"), headers=(("content-encoding", "gzip"), ("etag", '"2"')))
    first = await fetch(reply)
    body_hash = hash_of(reply.body)
    assert len(body_hash) == 16
    assert first.validators == Validators(etag='"2"', body_hash=body_hash)
    known = Validators(body_hash=body_hash)
    again = await fetch(reply, validators=known)
    assert (again.status, again.body, again.validators) == ("not_modified", b"", first.validators)
    other = await fetch(compressed(b"another"), validators=known)
    assert (other.status, other.body) == ("ok", b"another")


async def test_credentials_of_the_address_stay_within_its_origin(autojump_clock: MockClock) -> None:
    asked: list[Request] = []

    def site(request: Request) -> Reply:
        asked.append(request)
        where = {
            "/1": "/2",
            "/2": "http://bob:other@site.example/3",
            "/3": "https://site.example/4",
            "/4": "http://site.example:8080/5",
            "/5": "//other.example/6",
            "/6": "http://site.example/7",
        }.get(request.path)
        return Reply(body=b"x") if where is None else Reply(status=302, headers=(("location", where),))

    fetched = await fetch(site, "http://ann:s%20cret@site.example/1")
    ours = "Basic " + b64encode(b"ann:s cret").decode()
    assert [request.header("authorization") for request in asked] == [ours, ours, ours, "", "", "", ""]
    assert (fetched.url, len(fetched.hops)) == ("http://site.example/7", 6)
    assert "ann" not in str(fetched)
    assert not any(request.header("cookie") for request in asked)


async def test_ten_redirects_are_followed_and_no_more(autojump_clock: MockClock) -> None:
    def site(request: Request) -> Reply:
        number = int(request.path[1:])
        if number == 11:
            return Reply(body=b"x")
        return Reply(status=301, headers=(("location", f"/{number + 1}"),))

    assert (await fetch(site, "http://site.example/1")).status == "ok"
    assert (await fetch(site, "http://site.example/0")).error == "bad_redirect"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("../x?y", "http://site.example/x?y"),
        ("?y", "http://site.example/a/feed?y"),
        (" HTTP://OTHER.example:80/ ", "http://other.example/"),
    ],
)
async def test_places_of_redirects(location: str, url: str, autojump_clock: MockClock) -> None:
    def site(request: Request) -> Reply:
        if str(request.path) == "/a/feed" and "?" not in request.target:
            return Reply(status=302, headers=(("location", location),))
        return Reply(body=b"x")

    assert (await fetch(site, "http://site.example/a/feed")).url == url


def test_places_of_redirects_in_any_bytes() -> None:
    here = Target.parse("http://site.example/")
    assert here.follow("/ё".encode()).url == here.follow(b"/%D1%91").url
    assert here.follow(b"/caf\xe9").url == "http://site.example/caf%C3%A9"


PIECES = st.sampled_from(
    ["http://", "https:", "//", "[", "]", "::1", ":", "@", "%", "%zz", "xn--", ".", "ё", "a", "\ud800"]
)


@given(st.text(st.characters(categories=None)) | st.lists(PIECES).map("".join))
def test_no_address_can_crash_a_fetch(url: str) -> None:
    async def main() -> None:
        fetched = await fetch(Reply(body=b"x"), url)
        assert fetched.status in {"ok", "failed"}

    trio.run(main)
