"""Requests whose address was parsed already, as transports of httpx see them."""

from actors.web.target_request import TargetRequest
from actors.web.targets import Target


async def test_any_transport_can_read_it() -> None:
    target = Target.parse("https://User:Pass@Site.example:8443/a b?q=ä#part")
    request = TargetRequest(target, [(b"Host", b"site.example:8443"), (b"X-Own", b"1"), (b"X-Own", b"2")])
    assert (request.method, request.url.scheme, request.url.host) == ("GET", "https", "site.example")
    assert request.url.port == 8443
    assert request.url.raw_path == target.path.encode() == b"/a%20b?q=%C3%A4"
    assert request.headers["x-own"] == "1, 2"
    assert await request.aread() == b""
    assert request.extensions == {}
