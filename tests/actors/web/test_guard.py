"""Nothing reaches what is closed: spellings, names, answers that change, redirects (S1 to S9)."""

from collections.abc import Callable
from ipaddress import ip_address

import httpx
import pytest
import trio
from trio.testing import MockClock

from actors.web import AddressBlocked, Guard, Transport, Web, ask_the_system
from core.addresses import IPAddress
from core.hosts import parse_hosts
from core.protocol import Validators
from tests.actors.web.conftest import CLOSED, OPEN, Listen, Names, Open

NOW_MS = 1_800_000_000_000
Say = Callable[..., bytes]

SPELLINGS = [
    *("127.0.0.66", "127.66", "2130706498", "0x7f000042", "0177.0.0.0102", "017700000102"),
    *("127。0。0。66", "①②⑦.⓪.⓪.⑥⑥", "%31%32%37.0.0.66", "127.0.0.66.", "[::ffff:127.0.0.66]"),
    *("[::127.0.0.66]", "[64:ff9b::7f00:42]", "[2002:7f00:42::]", "[0:0:0:0:0:ffff:7f00:42]"),
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_every_spelling_is_the_address(host: str, open_web: Open, listen: Listen, say: Say) -> None:
    async with listen(say(), host=CLOSED) as canary, open_web() as web:
        fetched = await web.get(f"http://{host}:{canary.port}/", Validators(), now_ms=NOW_MS)
    assert (fetched.status, fetched.error) == ("failed", "address_blocked")
    assert canary.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        *("0", "0.0.0.0", "[::1]", "[::]", "[fec0::1]", "[fe80::1]", "169.254.169.254", "[fd00:ec2::254]"),
        *("100.100.100.200", "192.0.0.192", "168.63.129.16", "10.0.0.1", "224.0.0.1", "[ff02::1]"),
    ],
)
async def test_other_closed_addresses(host: str, open_web: Open, names: Names) -> None:
    async with open_web(networks="") as web:
        fetched = await web.get(f"http://{host}/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "address_blocked"
    assert names.asked == []


async def test_an_address_with_a_zone_is_no_address(open_web: Open) -> None:
    async with open_web() as web:
        fetched = await web.get("http://[fe80::1%25eth0]/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "not_a_url"


async def test_the_owner_is_told_what_to_allow(open_web: Open) -> None:
    async with open_web() as web:
        fetched = await web.get("http://INSIDE.example:8080/", Validators(), now_ms=NOW_MS)
    assert (fetched.error, fetched.error_args) == ("address_blocked", ("inside.example:8080", CLOSED))


@pytest.mark.parametrize("name", ["metadata.google.internal", "localhost"])
async def test_names_of_what_is_closed(name: str, open_web: Open, names: Names) -> None:
    names.answers |= {"metadata.google.internal": [["169.254.169.254"]], "localhost": [["::1", "127.0.0.1"]]}
    async with open_web(networks="") as web:
        assert (await web.get(f"http://{name}/", Validators(), now_ms=NOW_MS)).error == "address_blocked"


async def test_the_checked_address_is_the_one_connected_to(
    open_web: Open, listen: Listen, say: Say, names: Names
) -> None:
    """A name is looked up once for a connection, so there is no second answer to go by."""
    names.answers["rebinding.example"] = [[OPEN], [CLOSED], [OPEN], [CLOSED]]
    closing = say(b"<rss/>", "Connection: close")
    async with (
        listen(closing) as server,
        listen(say(), host=CLOSED, port=server.port) as canary,
        open_web() as web,
    ):
        url = f"http://rebinding.example:{server.port}/"
        errors = [(await web.get(url, Validators(), now_ms=NOW_MS)).error for _ in range(4)]
    assert errors == [None, "address_blocked", None, "address_blocked"]
    assert len(names.asked) == 4
    assert canary.connections == 0


@pytest.mark.parametrize("mixed", [[OPEN, CLOSED], [CLOSED, OPEN]])
async def test_of_a_mixed_answer_only_the_open_part_is_used(
    mixed: list[str], open_web: Open, listen: Listen, say: Say, names: Names
) -> None:
    names.answers["mixed.example"] = [mixed]
    async with (
        listen(say()) as server,
        listen(say(), host=CLOSED, port=server.port) as canary,
        open_web() as web,
    ):
        fetched = await web.get(f"http://mixed.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.status == "ok"
    assert b"\r\nHost: mixed.example:" in server.heard[0]
    assert canary.connections == 0


async def test_the_open_part_that_is_dead_does_not_lead_to_the_closed(
    open_web: Open, listen: Listen, say: Say, names: Names
) -> None:
    names.answers["mixed.example"] = [[OPEN, CLOSED]]
    async with listen(say(), host=CLOSED) as canary, open_web() as web:
        fetched = await web.get(f"http://mixed.example:{canary.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "unreachable"
    assert canary.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["inside.example", "0x7f.66", "[::ffff:127.0.0.66]"])
async def test_redirects_lead_nowhere_closed(
    status: int, where: str, open_web: Open, listen: Listen, say: Say
) -> None:
    async with listen(say(), host=CLOSED) as canary:
        moved = say(b"", f"Location: http://{where}:{canary.port}/", status=f"{status} Moved")
        async with listen(moved) as server, open_web() as web:
            fetched = await web.get(f"http://site.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "address_blocked"
    assert len(server.heard) == 1
    assert canary.connections == 0


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://127.0.0.1/x", "data:text/plain,x", "ftp://site.example/"]
)
async def test_redirects_lead_to_http_only(location: str, open_web: Open, listen: Listen, say: Say) -> None:
    async with listen(say(b"", f"Location: {location}", status="302 Found")) as server, open_web() as web:
        fetched = await web.get(f"http://site.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.error == "bad_redirect"


async def test_an_allowed_host_is_allowed_at_its_port(
    open_web: Open, listen: Listen, say: Say, names: Names
) -> None:
    async with (
        listen(say(), host=CLOSED) as one,
        listen(say(), host=CLOSED) as other,
        open_web(hosts=f"inside.example:{one.port}") as web,
    ):
        first = await web.get(f"http://inside.example:{one.port}/", Validators(), now_ms=NOW_MS)
        second = await web.get(f"http://inside.example:{other.port}/", Validators(), now_ms=NOW_MS)
    assert (first.status, second.error) == ("ok", "address_blocked")
    assert other.connections == 0


async def test_an_allowed_network_opens_its_addresses(open_web: Open, listen: Listen, say: Say) -> None:
    async with listen(say(), host=CLOSED) as server, open_web(networks="127.0.0.64/26") as web:
        fetched = await web.get(f"http://inside.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.status == "ok"


async def test_the_environment_names_no_proxy(
    open_web: Open, listen: Listen, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listen(say()) as server, listen(say()) as proxy, open_web() as web:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{OPEN}:{proxy.port}")
        fetched = await web.get(f"http://site.example:{server.port}/", Validators(), now_ms=NOW_MS)
    assert fetched.status == "ok"
    assert proxy.connections == 0


async def test_a_name_without_an_address(open_web: Open) -> None:
    async with open_web() as web:
        assert (await web.get("http://nowhere.example/", Validators(), now_ms=NOW_MS)).error == "unreachable"


async def test_an_empty_answer(names: Names) -> None:
    names.answers["empty.example"] = [[]]
    with pytest.raises(httpx.ConnectError):
        await Guard(names).addresses("empty.example", 80)


async def test_of_many_addresses_few_are_tried(names: Names) -> None:
    names.answers["many.example"] = [[f"1.1.1.{n}" for n in range(200)]]
    assert len(await Guard(names).addresses("many.example", 80)) == 6


async def test_a_literal_that_somebody_else_would_resolve(names: Names) -> None:
    guard = Guard(names, hosts=parse_hosts("10.0.0.1:80"))
    guard.check_literal("site.example", 80)
    guard.check_literal("1.1.1.1", 80)
    guard.check_literal("10.0.0.1", 80)
    with pytest.raises(AddressBlocked, match=r"10\.0\.0\.1:81 is at 10\.0\.0\.1: private"):
        guard.check_literal("10.0.0.1", 81)


async def test_slow_names_cost_the_deadline_at_most(autojump_clock: MockClock, names: Names) -> None:
    async def never(_host: str) -> list[IPAddress]:
        await trio.sleep_forever()

    web = Web(Transport(Guard(never)), user_agent="x", timeout_s=20, max_body_bytes=1)
    assert (await web.get("http://site.example/", Validators(), now_ms=NOW_MS)).error == "timeout"
    assert trio.current_time() == 20


async def test_the_system_resolves() -> None:
    found = await ask_the_system("localhost")
    assert set(found) <= {ip_address("127.0.0.1"), ip_address("::1")}
    assert found


@pytest.mark.parametrize("name", ["x" * 64 + ".example", ".example", "a..b"])
async def test_names_that_the_system_refuses(name: str) -> None:
    with pytest.raises(httpx.ConnectError):
        await Guard(ask_the_system).addresses(name, 80)
