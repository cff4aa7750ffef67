"""However an address is written and whatever leads there, nothing knocks (S1 to S6)."""

from urllib.parse import quote

import pytest

from actors.reader.reading import InlineReader
from cli.discovering import _find
from core.errors import UserError
from tests.canaries.conftest import FEED, OPEN, Canary, Names, Site, StartPolls, now_ms

FORMS = [
    # IPv4 loopback, in every way to write it
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("0", "0.0.0.0", "127.0.0.1.", "127.0.0.66", "%31%32%37.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①"),
    # IPv6, and IPv4 within it
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]"),
    *("[fe80::1]", "[fec0::1]", "[fd00::1]", "[ff02::1]", "[::ffff:0:127.0.0.1]", "[fe80::5efe:7f00:1]"),
    # metadata of clouds, and the nets of offices and homes
    *("169.254.169.254", "[fd00:ec2::254]", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
    *("[::ffff:169.254.169.254]", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "224.0.0.1"),
    # names of such, and what stands before an @
    *("localhost", "LOCALHOST.", "localtest.example", "six.example", "metadata.google.internal"),
    *("site.example@127.0.0.1", "site.example:80@[::1]"),
]
CODES = (301, 302, 303, 307, 308)


@pytest.mark.parametrize("form", FORMS)
async def test_no_way_leads_to_it(
    form: str, canary: Canary, dialled: list[str], site: Site, names: Names, polls: StartPolls
) -> None:
    """Its own address, each redirect, a second hop, a sitemap of an index, a feed that a page names."""
    names.answers["localhost."] = names.answers["localhost"]
    target = f"http://{form}:{canary.port}/"
    written = quote(target, safe="%:/@[]")  # what is not ASCII, as a header can carry it
    ways = [target, *(site.moves(f"/{code}", code, written) for code in CODES)]
    ways.append(site.moves("/twice", 302, "/302"))
    site.shows("/page", f'<html><link rel=alternate type=application/rss+xml href="{target}"><p>Hello')
    index = f"<sitemapindex><sitemap><loc>{target}</loc></sitemap></sitemapindex>"
    async with polls() as polling:
        for way in ways:
            await polling.add(way)
        await polling.add(site.shows("/index.xml", index), kind="sitemap")
        found = await _find(polling.web, InlineReader(), site.url("/page"), now_ms())
        await polling.add(found.url)
        with pytest.raises(UserError):
            await _find(polling.web, InlineReader(), target, now_ms())
        before = await polling.stored()
        for _ in range(2):  # what moved for good is asked at its old address again
            assert {(report.status, report.error) for report in await polling.look()} == {
                ("failed", "address_blocked")
            }
        assert await polling.stored() == before
    assert canary.knocks() == 0
    assert set(dialled) == {OPEN}
    assert {f"/{code}" for code in CODES} | {"/twice", "/index.xml", "/page"} == set(site.asked)


@pytest.mark.parametrize(
    "location", ["http://[fe80::1%25eth0]/", "file:///etc/passwd", "gopher://127.0.0.1/"]
)
async def test_what_is_no_address_of_the_web(
    location: str, dialled: list[str], site: Site, polls: StartPolls
) -> None:
    async with polls() as polling:
        await polling.add(location)
        await polling.add(site.moves("/moved", 302, location))
        errors = [report.error for report in await polling.look()]
    assert errors[0] in ("not_a_url", "not_http")
    assert errors[1] == "bad_redirect"
    assert set(dialled) == {OPEN}


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1"])
async def test_a_name_that_changes_its_mind(
    inside: str, canary: Canary, dialled: list[str], site: Site, names: Names, polls: StartPolls
) -> None:
    """Public when it is checked, private a moment later: at the next poll, and between two hops."""
    names.answers |= {
        "later.example": [[OPEN], [inside]],
        "hops.example": [[OPEN], [inside]],
        "both.example": [[inside, OPEN], [OPEN, inside, inside], [inside]],
    }
    site.shows("/feed", FEED, ("connection", "close"))
    site.moves("/hop", 302, f"http://hops.example:{canary.port}/")
    async with polls() as polling:
        for name, path in (("later", "/feed"), ("hops", "/hop"), ("both", "/feed")):
            await polling.add(f"http://{name}.example:{site.port}{path}")
        errors = [[report.error for report in await polling.look()] for _ in range(3)]
    blocked = "address_blocked"
    assert errors == [[None, blocked, None], [blocked, blocked, None], [blocked, blocked, blocked]]
    assert canary.knocks() == 0
    assert set(dialled) == {OPEN}
