"""`python -m bench.scale.sites`: a feed on a host of its own for each source, in a process of its own.

Five looks in six get "not modified", the sixth the whole document; one in fifty finds an entry more in it.
"""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import trio

from simulation.http import Reply, Request, serve

SHOWN = 30
_WHOLE = 1 / 6
_NEWS = 1 / 50
_A_NET = 250


def host_of_site(number: int) -> str:
    """Return the address of a site, another one for each: of 127.0.0.0/8."""
    return f"127.{1 + number // _A_NET**2}.{number // _A_NET % _A_NET}.{1 + number % _A_NET}"


def base_of(number: int, port: int) -> str:
    """Return what the links of a site begin with; what follows is the number of an entry."""
    return f"http://{host_of_site(number)}:{port}/{number}/"


def url_of(number: int, port: int) -> str:
    """Return the address of a feed."""
    return f"{base_of(number, port)}feed.xml"


def tag_of(newest: int) -> str:
    """Return the validator of a document by its newest entry."""
    return f'"{newest}"'


class Sites:
    """All feeds: their entries are numbered, and each shows its last thirty."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._grown: Counter[str] = Counter()

    async def handle(self, request: Request) -> Reply:
        """Answer a poll, or a look at a page."""
        await trio.lowlevel.checkpoint()
        site, _, name = request.path[1:].partition("/")
        if name != "feed.xml":
            return Reply(headers=(("content-type", "text/html"),), body=page(site, name))
        if self._rng.random() < _NEWS:
            self._grown[site] += 1
        newest = SHOWN + self._grown[site]
        headers = (("etag", tag_of(newest)), ("content-type", "application/rss+xml"))
        if request.header("if-none-match") == tag_of(newest) and self._rng.random() > _WHOLE:
            return Reply(status=304, headers=headers)
        return Reply(headers=headers, body=document(site, newest))


def document(site: str, newest: int, *, base: str = "") -> bytes:
    """Write a feed down to its thirtieth entry from the top; links lead to the site itself, or to `base`."""
    items = "".join(
        f"<item><title>Number {n} of some words</title><link>{base}/{site}/{n}</link>"
        f"<description>What entry {n} says, in about as many words as most do.</description></item>"
        for n in range(newest, newest - SHOWN, -1)
    )
    return f"<rss><channel><title>Site {site}</title>{items}</channel></rss>".encode()


def page(site: str, name: str) -> bytes:
    """Write the page of an entry."""
    return f"<html><head><title>Number {name} of {site}</title></head><body>Words.</body></html>".encode()


async def _serve() -> None:
    """Serve until killed; the port goes to standard output."""
    async with trio.open_nursery() as nursery:
        sites = Sites(random.Random(1))
        port = await nursery.start(partial(serve, sites.handle, host="0.0.0.0"))
        print(port, flush=True)


@contextmanager
def sites_at() -> Iterator[int]:
    """Run the sites beside; yields their port."""
    command = [sys.executable, "-m", "bench.scale.sites"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


if __name__ == "__main__":
    trio.run(_serve)
