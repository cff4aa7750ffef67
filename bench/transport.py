"""`python -m bench.transport`: what a conditional GET costs over our transport, stock httpx and bare sockets.

CPU seconds of this process; the server is another one. Every host of 127.0.0.0/8 is one more origin.
"""

import itertools
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import click
import httptools
import httpx
import trio

from actors.web import Guard, Transport, Web, ask_the_system
from actors.web.connections import Kept
from bench.results import Result
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.addresses import parse_networks
from core.protocol import Validators

VALIDATORS = Validators(etag='"1-abc"', last_modified="Sun, 22 Nov 2026 12:00:00 GMT")
ANSWER = (
    b"HTTP/1.1 304 Not Modified\r\nServer: bench\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
    b'Connection: keep-alive\r\nETag: "1-abc"\r\nCache-Control: max-age=300\r\n\r\n'
)
IDLE_HOSTS = 500
AT_ONCE = 50

Fetch = Callable[[str], Awaitable[None]]


async def serve() -> None:
    """Answer 304 to everything, on every address of loopback; the port goes to standard output."""

    async def answer(stream: trio.SocketStream) -> None:
        async with stream:
            try:
                while await stream.receive_some(65_536):
                    await stream.send_all(ANSWER)
            except trio.BrokenResourceError:
                return

    listeners = await trio.open_tcp_listeners(0, host="0.0.0.0", backlog=4096)
    print(listeners[0].socket.getsockname()[1], flush=True)
    await trio.serve_listeners(answer, listeners)


@asynccontextmanager
async def bare() -> AsyncIterator[Fetch]:
    """The floor: a socket, a parser, and nothing else."""

    class Parsed:
        done = False

        def on_header(self, name: bytes, value: bytes) -> None: ...

        def on_message_complete(self) -> None:
            self.done = True

    async def fetch(url: str) -> None:
        host, port = url.removeprefix("http://").rstrip("/").split(":")
        with trio.fail_after(20):
            stream = await trio.open_tcp_stream(host, int(port))
            async with stream:
                await stream.send_all(
                    f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: Vestnik/bench\r\nAccept: */*\r\n"
                    f"Accept-Encoding: gzip\r\nIf-None-Match: {VALIDATORS.etag}\r\n"
                    f"If-Modified-Since: {VALIDATORS.last_modified}\r\n\r\n".encode()
                )
                parsed = Parsed()
                parser = httptools.HttpResponseParser(parsed)
                while not parsed.done:
                    parser.feed_data(await stream.receive_some(65_536))
        assert parser.get_status_code() == 304

    yield fetch


@asynccontextmanager
async def ours(*, most_kept: int | None = None) -> AsyncIterator[Fetch]:
    """What the program does."""
    kept = Kept() if most_kept is None else Kept(most=most_kept, kept_s=3600.0)
    guard = Guard(ask_the_system, networks=parse_networks("127.0.0.0/8"))
    async with Transport(guard, kept=kept) as transport:
        web = Web(transport, user_agent="Vestnik/bench", timeout_s=20, max_body_bytes=10 * 2**20)

        async def fetch(url: str) -> None:
            fetched = await web.get(url, VALIDATORS, now_ms=1_795_000_000_000)
            assert fetched.status == "not_modified"

        yield fetch


@asynccontextmanager
async def stock() -> AsyncIterator[Fetch]:
    """What httpx does as it comes."""
    headers = {"User-Agent": "Vestnik/bench", "Accept": "*/*", "Accept-Encoding": "gzip"}
    conditions = {"If-None-Match": str(VALIDATORS.etag), "If-Modified-Since": str(VALIDATORS.last_modified)}
    async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=20) as client:

        async def fetch(url: str) -> None:
            response = await client.get(url, headers=conditions)
            assert response.status_code == 304

        yield fetch


async def cost_s(fetch: Fetch, urls: list[str]) -> float:
    """CPU seconds of one fetch, when `AT_ONCE` run at once."""
    remaining = iter(urls)

    async def work() -> None:
        for url in remaining:
            await fetch(url)

    started_s = time.process_time()
    async with trio.open_nursery() as nursery:
        for _ in range(AT_ONCE):
            nursery.start_soon(work)
    return (time.process_time() - started_s) / len(urls)


async def measure(port: int, rounds: int, count: int) -> Found:
    """Let the variants take turns, in another order each round; always with hosts not seen before."""
    hosts = _hosts(port)
    found: Found = {}
    idle = list(itertools.islice(hosts, IDLE_HOSTS))
    async with AsyncExitStack() as stack:
        with_idle = await stack.enter_async_context(ours(most_kept=IDLE_HOSTS + 1))
        await cost_s(with_idle, idle)
        variants: dict[str, Fetch] = {
            "bare sockets and httptools": await stack.enter_async_context(bare()),
            "ours": await stack.enter_async_context(ours()),
            "stock httpx": await stack.enter_async_context(stock()),
            f"ours, {IDLE_HOSTS} idle hosts": with_idle,
        }
        for counts, name in in_turn(list(variants), rounds):
            spent_s = await cost_s(variants[name], list(itertools.islice(hosts, count)))
            if counts:
                found.setdefault(name, []).append(spent_s)
    return found


def _hosts(port: int) -> Iterator[str]:
    for a, b, c in itertools.product(range(1, 255), range(256), range(1, 255)):
        yield f"http://127.{a}.{b}.{c}:{port}/"


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P3 and P4."""
    found = measure_all(rounds, 100 if quick else 500)
    ours = found["ours"]
    return [
        Result(name="P3", ours=ours, reference=found["stock httpx"]),
        Result(name="P4", ours=found[f"ours, {IDLE_HOSTS} idle hosts"], reference=ours),
    ]


def measure_all(rounds: int, count: int) -> Found:
    """Start the server, measure, and end it."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.transport", "--serve"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            return trio.run(partial(measure, port, rounds, count))
        finally:
            server.kill()


@click.command()
@click.option("--rounds", default=9, show_default=True)
@click.option("--count", default=500, show_default=True, help="Fetches of each variant in a round.")
@click.option("--serve", "serving", is_flag=True, hidden=True)
def main(rounds: int, count: int, serving: bool) -> None:
    """Measure, and print medians with their spread."""
    if serving:
        trio.run(serve)
        return
    found = measure_all(rounds, count)
    print(f"{rounds} rounds of {count} cold 304s, {AT_ONCE} at once; CPU of one fetch")
    show_seconds(found)
    idle = f", {IDLE_HOSTS} idle hosts"
    for label, above, below in (
        ("P3  stock httpx / ours", "stock httpx", "ours"),
        ("    ours / bare sockets", "ours", "bare sockets and httptools"),
        ("P4  ours with idle hosts / without", f"ours{idle}", "ours"),
    ):
        show_ratio(label, found[above], found[below])


if __name__ == "__main__":
    main()
