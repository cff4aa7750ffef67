"""Access of a source's own: its headers stay with their origin, its proxy is checked as a source is."""

from collections.abc import Callable

import pytest

from actors.web import Web
from core.access import Access
from core.protocol import Validators
from tests.actors.web.conftest import CLOSED, OPEN, Listen, Names, Open
from tests.actors.web.test_proxies import Office

NOW_MS = 1_800_000_000_000
SECRET = "abc123"
Say = Callable[..., bytes]


def access(port: int, **changes: object) -> Access:
    values: dict[str, object] = {
        "origin": f"http://site.example:{port}",
        "headers": (("X-Key", SECRET), ("Authorization", "Bearer " + SECRET), ("Accept", "text/xml")),
        "user_agent": "Browser/1.0",
    }
    return Access(**(values | changes))  # type: ignore[arg-type]


async def get(web: Web, url: str, own: Access) -> tuple[str, str | None]:
    fetched = await web.get(url, Validators(etag='"1"'), now_ms=NOW_MS, access=own)
    return fetched.status, fetched.error


async def test_headers_go_to_their_own_origin_only(listen: Listen, open_web: Open, say: Say) -> None:
    async with listen(say()) as there:
        elsewhere = f"Location: http://other.example:{there.port}/"
        async with listen(say(b"", elsewhere, status="302 Found")) as here, open_web() as web:
            own = access(here.port)
            assert await get(web, f"http://site.example:{here.port}/", own) == ("ok", None)
    [first], [second] = here.heard, there.heard
    for line in (
        b"X-Key: abc123",
        b"Authorization: Bearer abc123",
        b"Accept: text/xml",
        b"User-Agent: Browser/1.0",
    ):
        assert first.count(line.partition(b":")[0] + b":") == 1
        assert line in first
    assert SECRET.encode() not in second
    assert b"Accept: */*" in second
    assert b"User-Agent: Browser/1.0" in second


@pytest.mark.parametrize("location", ["/next", "http://site.example:{port}/next"])
async def test_headers_follow_redirects_within_their_origin(
    listen: Listen, open_web: Open, say: Say, location: str
) -> None:
    answers: list[bytes] = []

    async def serve(stream: object) -> None:
        import trio

        assert isinstance(stream, trio.abc.Stream)
        while data := bytes(await stream.receive_some(65_536)):
            here.heard.append(data)
            await stream.send_all(answers.pop(0))

    async with listen(serve) as here, open_web() as web:
        answers += [say(b"", "Location: " + location.format(port=here.port), status="301 Moved"), say()]
        assert await get(web, f"http://site.example:{here.port}/", access(here.port)) == ("ok", None)
    assert all(SECRET.encode() in request for request in here.heard)
    assert len(here.heard) == 2


async def test_other_port_or_scheme_is_another_origin(listen: Listen, open_web: Open, say: Say) -> None:
    async with listen(say()) as here, open_web() as web:
        for origin in ("http://site.example:1", f"https://site.example:{here.port}", "", "http://example:80"):
            await get(web, f"http://site.example:{here.port}/", access(here.port, origin=origin))
    assert SECRET.encode() not in b"".join(here.heard)


async def test_header_in_the_place_of_a_login_of_the_address(
    listen: Listen, open_web: Open, say: Say
) -> None:
    async with listen(say()) as here, open_web() as web:
        await get(web, f"http://user:pw@site.example:{here.port}/", access(here.port))
    assert here.heard[0].count(b"Authorization") == 1


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_own_proxy_is_used_for_its_source_only(
    listen: Listen, open_web: Open, say: Say, scheme: str
) -> None:
    office = Office()
    async with (
        listen(say()) as here,
        listen(office.http if scheme == "http" else office.socks) as server,
        open_web() as web,
    ):
        office.server = server
        url = f"http://site.example:{here.port}/"
        own = access(here.port, proxy=f"{scheme}://{OPEN}:{server.port}")
        assert await get(web, url, own) == ("ok", None)
        assert await get(web, url, Access()) == ("ok", None)
        assert await get(web, url, own) == ("ok", None)
    assert office.asked == [f"{OPEN}:{here.port}"], "kept connections are not mixed up"
    assert here.connections == 2


@pytest.mark.parametrize("host", [CLOSED, "inside.example", "[::ffff:127.0.0.66]"])
async def test_own_proxy_must_have_an_address_that_may_be_connected_to(
    listen: Listen, open_web: Open, say: Say, host: str
) -> None:
    async with listen(say(), host=CLOSED) as canary, listen(say()) as here, open_web() as web:
        own = access(here.port, proxy=f"http://{host}:{canary.port}")
        assert await get(web, f"http://site.example:{here.port}/", own) == ("failed", "address_blocked")
    assert (canary.connections, here.connections) == (0, 0)


async def test_own_proxy_is_no_way_past_the_guard(
    listen: Listen, open_web: Open, say: Say, names: Names
) -> None:
    office = Office()
    async with listen(say(), host=CLOSED) as canary, listen(office.http) as server, open_web() as web:
        office.server = server
        own = access(1, proxy=f"http://{OPEN}:{server.port}")
        status = await get(web, f"http://inside.example:{canary.port}/", own)
        assert status == ("failed", "address_blocked")
    assert (office.asked, canary.connections) == ([], 0)


async def test_allowed_host_opens_a_proxy_inside(listen: Listen, open_web: Open, say: Say) -> None:
    office = Office()
    async with listen(say()) as here, listen(office.http, host=CLOSED) as server:
        office.server = server
        async with open_web(hosts=f"{CLOSED}:{server.port}") as web:
            own = access(here.port, proxy=f"http://{CLOSED}:{server.port}")
            assert await get(web, f"http://site.example:{here.port}/", own) == ("ok", None)
    assert len(office.asked) == 1
