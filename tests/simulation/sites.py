"""Pages of a test's own beside the feeds of a world."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from actors.web import AddressBlocked
from core.addresses import parse_networks
from simulation.http import InMemoryTransport, Reply, Request
from simulation.world import World

OK = 200


@dataclass
class Sites:
    """What is served at which address, with which headers it was asked for, and what is out of reach.

    Attributes:
        pages: Body by address.
        logins: `user:password` that an address wants.
        lifts: What an address shows to those who send a header, by the header's value.
        unreached: What becomes of requests to a host.
    """

    pages: dict[str, str] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)
    lifts: dict[str, dict[str, str]] = field(default_factory=dict)
    unreached: dict[str, Callable[[httpx.Request], Exception]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def answer(self, request: Request, url: str) -> Reply | None:
        headers = dict(request.headers)
        self.asked.append((url, headers))
        body = self.lifts.get(url, {}).get(headers.get("x-key", ""), self.pages.get(url))
        if body is None:
            return None
        login = self.logins.get(url)
        if login and headers.get("authorization") != f"Basic {base64.b64encode(login.encode()).decode()}":
            return Reply(status=401)
        return Reply(status=OK, body=body.encode())


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, world: World, sites: Sites) -> None:
        self._sites = sites
        self._world = world
        self._inner = InMemoryTransport(self._handle)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        trouble = self._sites.unreached.get(request.url.host)
        if trouble is not None:
            raise trouble(request)
        return await self._inner.handle_async_request(request)

    async def _handle(self, request: Request) -> Reply:
        url = f"https://{request.host}{request.target}"
        return self._sites.answer(request, url) or await self._world.web.handle(request)


def put_sites(world: World) -> Sites:
    """Let a world have pages beside its feeds."""
    sites = Sites()
    world.web_transport = _Transport(world, sites)
    return sites


def blocked(request: httpx.Request) -> Exception:
    """What the guard says of a host inside."""
    address = parse_networks("10.0.0.7")[0].network_address
    return AddressBlocked(f"{request.url.host}:443", address, "private")


def refused(request: httpx.Request) -> Exception:
    return httpx.ConnectError("refused", request=request)


def rss(*links: str, title: str = "Feed", words: str = "") -> str:
    """Write a feed that shows these links, the newest first."""
    items = "".join(
        f"<item><title>Title of {link.rpartition('/')[2]}{words}</title><link>{link}</link></item>"
        for link in links
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def page(*feeds: tuple[str, str], title: str = "A page") -> str:
    """Write a page that names these feeds (title, path)."""
    named = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="{path}">'
        for name, path in feeds
    )
    return f"<!doctype html><html><head><title>{title}</title>{named}</head><body><p>Words.</body></html>"
