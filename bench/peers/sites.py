"""`python -m bench.peers.sites FEEDS`: so many feeds on hosts of their own, of which 5 % change when told.

Three links in a hundred are shown by two feeds, by the second under tracking parameters. A GET of `/phase/N`
begins a phase: in phase 2 five feeds in a hundred have three entries more, in phase 3 every fiftieth is asked
in vain. The port goes to standard output.
"""

import sys
from functools import cache

import trio

from bench.peers import documents

SHOWN, MORE = 30, 3
CHANGED_PHASE = 2
HANGING_PHASE = 3
_CHANGES, _SHARED, _HANGS = 20, 33, 50


def urls(port: int, feeds: int) -> list[str]:
    """Return the address of each feed."""
    return [f"http://127.3.{n // 250}.{n % 250 + 1}:{port}/{n}.xml" for n in range(feeds)]


def link(feed: int, entry: int, feeds: int) -> str:
    """Return the address of an entry: now and then it is one that the feed before shows as well."""
    if feeds > 1 and (feed * SHOWN + entry) % _SHARED == 0:
        return f"https://site{(feed or feeds) - 1}.example/story/{entry}?utm_source=feed&utm_medium=rss"
    return f"https://site{feed}.example/story/{entry}"


def different_links(feeds: int, phase: int, *, with_json: bool = True) -> int:
    """Return how many different links the feeds have shown by then, tracking parameters apart."""
    shown = (link(n, entry, feeds) for n in _read(feeds, with_json) for entry in range(newest(n, phase)))
    return len({url.partition("?")[0] for url in shown})


def healthy_links(feeds: int) -> int:
    """Return how many different links those show that answer while others hang."""
    shown = (link(n, entry, feeds) for n in range(feeds) if not _hangs(n) for entry in range(SHOWN))
    return len({url.partition("?")[0] for url in shown})


def healthy_entries(feeds: int, *, with_json: bool) -> int:
    """Return how many entries they show, to who reads JSON Feed or does not."""
    return sum(SHOWN for n in _read(feeds, with_json) if not _hangs(n))


def _hangs(feed: int) -> bool:
    return feed % _HANGS == _HANGS // 2


def _changes(feed: int) -> bool:
    """Tell whether a feed is one of those with news: of each kind some."""
    return feed % _CHANGES == feed // _CHANGES % _CHANGES


def _read(feeds: int, with_json: bool) -> list[int]:
    return [n for n in range(feeds) if with_json or documents.kind_of(n) != "json"]


def all_entries(feeds: int, phase: int, *, with_json: bool = True) -> int:
    """Return how many entries they have shown."""
    return sum(newest(n, phase) for n in _read(feeds, with_json))


def newest(feed: int, phase: int) -> int:
    """Return how many entries a feed has had by then."""
    return SHOWN + MORE * (phase == CHANGED_PHASE and _changes(feed))


@cache
def document(feed: int, entries: int, feeds: int) -> bytes:
    """Write a feed, the newest entry first."""
    shown = range(entries - 1, entries - SHOWN - 1, -1)
    return documents.document(feed, ((number, link(feed, number, feeds)) for number in shown))


class Answers:
    """What the server says in each phase."""

    def __init__(self, feeds: int) -> None:
        self._feeds = feeds
        self._phase = 0

    def to(self, request: bytes) -> bytes | None:
        """Answer a GET; None where there shall be no answer."""
        path = request.split(b" ", 2)[1].decode().strip("/")
        if path.startswith("phase/"):
            self._phase = int(path.removeprefix("phase/"))
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        feed = int(path.removesuffix(".xml"))
        if self._phase == HANGING_PHASE and _hangs(feed):
            return None
        entries = newest(feed, self._phase)
        head = f'Server: bench\r\nETag: "{feed}-{entries}"\r\nConnection: close\r\n'
        if f'"{feed}-{entries}"'.encode() in request:
            return f"HTTP/1.1 304 Not Modified\r\n{head}\r\n".encode()
        body = document(feed, entries, self._feeds)
        media_type = "application/feed+json" if documents.kind_of(feed) == "json" else "application/xml"
        head += f"Content-Type: {media_type}; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body


async def serve(feeds: int) -> None:
    """Answer on every address of loopback, one request a connection."""
    answers = Answers(feeds)

    async def answer(stream: trio.SocketStream) -> None:
        async with stream:
            try:
                if request := bytes(await stream.receive_some(65_536)):
                    said = answers.to(request)
                    if said is None:
                        await stream.receive_some(1)  # until they give up
                    else:
                        await stream.send_all(said)
            except trio.BrokenResourceError:
                return

    listeners = await trio.open_tcp_listeners(0, host="0.0.0.0", backlog=4096)
    print(listeners[0].socket.getsockname()[1], flush=True)
    await trio.serve_listeners(answer, listeners)


if __name__ == "__main__":
    trio.run(serve, int(sys.argv[1]))
