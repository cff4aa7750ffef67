"""`python -m bench.polling`: what a poll costs the program, from the socket to the commit, beside its floor.

P1: a thousand sources on hosts of their own, one in six answers with a feed of 62 KB, the others "not
modified". P2: all "not modified". CPU seconds of this process, all its threads; the server is another one.
"""

import gc
import gzip
import itertools
import logging
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import click
import httptools
import structlog
import trio
from isal import isal_zlib
from lxml import etree
from sqlite_utils import Database

import supervisor
from actors import poller
from actors.reader.reading import process_reader
from actors.running import in_threads, inline
from bench.results import Result
from core.protocol import Place, PollOutcome, PollReport
from core.settings import Settings
from run import _GARBAGE_AFTER
from store import adding

AT_ONCE = 64
ONE_IN = 6
SHOWN = 30
NEW = 5
QUIET = -1
_GAP_S = 1.1
"""Five minutes later no host would be in its gap, as it is a moment after it was asked."""
SUMMARY = "<p>A paragraph of a summary, as sites write them, with a <b>word</b> and a link.</p> " * 22
HEAD = "HTTP/1.1 {status}\r\nServer: bench\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\nETag: {tag}\r\n"

Round = Callable[[], Awaitable[None]]


def feed(number: int, turn: int) -> bytes:
    """Write the feed of a source in a turn: each turn in which it changes shows five entries more."""
    newest = SHOWN + NEW * (turn // ONE_IN + 1)
    items = "".join(
        f"<item><title>Entry {n} of {number}</title><link>https://site{number}.example/{n}</link>"
        f"<guid>{number}-{n}</guid><pubDate>Sun, 22 Nov 2026 12:00:00 GMT</pubDate>"
        f"<description><![CDATA[{SUMMARY}]]></description></item>"
        for n in range(newest, newest - SHOWN, -1)
    )
    return f"<rss version='2.0'><channel><title>Site {number}</title>{items}</channel></rss>".encode()


class Answers:
    """What the server says: in which turn it is, is told by asking for /turn/N."""

    def __init__(self) -> None:
        self._turn = QUIET

    def to(self, request: bytes) -> bytes:
        """Answer a GET of /NUMBER or /turn/N."""
        path = request.split(b" ", 2)[1].decode()
        if path.startswith("/turn/"):
            self._turn = int(path.removeprefix("/turn/"))
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        number = int(path[1:])
        first = b"If-None-Match" not in request
        if not first and (self._turn == QUIET or number % ONE_IN != self._turn % ONE_IN):
            return (HEAD.format(status="304 Not Modified", tag='"old"') + "\r\n").encode()
        body = gzip.compress(feed(number, -ONE_IN if first else self._turn), 1)
        head = HEAD.format(status="200 OK", tag=f'"{self._turn}"')
        return (
            f"{head}Content-Type: application/rss+xml\r\nContent-Encoding: gzip\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


async def serve() -> None:
    """Answer on every address of loopback; the port goes to standard output."""
    answers = Answers()

    async def answer(stream: trio.SocketStream) -> None:
        async with stream:
            try:
                while request := bytes(await stream.receive_some(65_536)):
                    await stream.send_all(answers.to(request))
            except trio.BrokenResourceError:
                return

    listeners = await trio.open_tcp_listeners(0, host="0.0.0.0", backlog=4096)
    print(listeners[0].socket.getsockname()[1], flush=True)
    await trio.serve_listeners(answer, listeners)


def urls(port: int, net: int, count: int) -> list[str]:
    """Return the addresses of sources, each at a host of its own."""
    return [f"http://127.{net}.{n // 250}.{n % 250 + 1}:{port}/{n}" for n in range(count)]


class Parsed:
    """What httptools tells of an answer."""

    def __init__(self) -> None:
        self.done = False
        self.tag = b""
        self.body: list[bytes] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the entity tag."""
        if name == b"ETag":
            self.tag = value

    def on_body(self, data: bytes) -> None:
        """Keep the body."""
        self.body.append(data)

    def on_message_complete(self) -> None:
        """Note the end."""
        self.done = True


@asynccontextmanager
async def floor(folder: Path, sources: list[str]) -> AsyncIterator[Round]:
    """The same work with bare sockets, an lxml tree and one batch of SQL, and nothing else."""
    db = sqlite3.connect(folder / "floor.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE links (url TEXT UNIQUE, guid TEXT, title TEXT, summary TEXT)")
    db.execute("CREATE TABLE sources (url TEXT PRIMARY KEY, tag BLOB, checked REAL) WITHOUT ROWID")
    tags: dict[str, bytes] = {}

    async def fetch(url: str) -> list[tuple[str | None, ...]]:
        host, port = url.split("/")[2].split(":")
        condition = b"If-None-Match: %b\r\n" % tags[url] if url in tags else b""
        head = (
            f"GET /{url.rpartition('/')[2]} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: Vestnik/bench\r\n"
        )
        with trio.fail_after(20):
            async with await trio.open_tcp_stream(host, int(port)) as stream:
                await stream.send_all(
                    head.encode() + b"Accept: */*\r\nAccept-Encoding: gzip\r\n" + condition + b"\r\n"
                )
                parsed = Parsed()
                parser = httptools.HttpResponseParser(parsed)
                while not parsed.done:
                    parser.feed_data(await stream.receive_some(65_536))
        if parser.get_status_code() != 200:
            return []
        tags[url] = parsed.tag
        root = etree.fromstring(isal_zlib.decompress(b"".join(parsed.body), wbits=31))
        return [
            (
                item.findtext("link"),
                item.findtext("guid"),
                item.findtext("title"),
                item.findtext("description"),
            )
            for item in root.iter("item")
        ]

    async def turn() -> None:
        rows: list[tuple[str | None, ...]] = []
        remaining = iter(sources)

        async def work() -> None:
            for url in remaining:
                rows.extend(await fetch(url))

        async with trio.open_nursery() as nursery:
            for _ in range(AT_ONCE):
                nursery.start_soon(work)
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO links VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        now_s = time.time()
        db.executemany("REPLACE INTO sources VALUES (?, ?, ?)", [(u, tags[u], now_s) for u in sources])
        db.execute("COMMIT")

    try:
        yield turn
    finally:
        db.close()


class Clock:
    """A wall clock that goes five minutes ahead at each call: so all sources are due again."""

    def __init__(self) -> None:
        self._ahead_ms = 0

    def now_ms(self) -> int:
        """Return epoch milliseconds."""
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def go_ahead(self) -> None:
        """Let time pass; a day of it would be too much, for then sources are read in full."""
        self._ahead_ms += 300_000


@asynccontextmanager
async def ours(folder: Path, sources: list[str]) -> AsyncIterator[Round]:
    """The program: its poller, transport, writer and database, as `once` runs them."""
    clock = Clock()
    env = supervisor.Environment(
        settings=Settings.model_validate(
            {
                "database_url": f"sqlite:///{folder / 'ours.db'}",
                "allow_networks": "127.0.0.0/8",
                "http_concurrency": AT_ONCE,
            }
        ),
        now_ms=clock.now_ms,
        clock=time.monotonic,
        rng=random.SystemRandom(),
        run_write=inline,
        run_read=in_threads(2),
        announce=print,
    )
    async with (
        supervisor.storage(env) as (store, boot_id),
        supervisor.web(env) as web,
        process_reader() as reader,
    ):
        ctx = supervisor.context_for(env, store, boot_id)
        await store.write(watch, sources, clock.now_ms())

        def note(report: PollReport, _outcome: PollOutcome) -> None:
            assert report.error is None, report

        async def turn() -> None:
            clock.go_ahead()
            await trio.sleep(_GAP_S)
            await poller.poll_once(ctx, web, reader, note)

        yield turn


def watch(db: Database, sources: list[str], now_ms: int) -> None:
    """Subscribe one chat to all sources."""
    for url in sources:
        wish = adding.Wish(place=Place(chat_id=-1), kind="feed", url=url, backlog="none", interval_s=60.0)
        adding.add(db, wish, now_ms=now_ms)


async def measure(port: int, rounds: int, count: int, folder: Path) -> dict[str, list[float]]:
    """Let the variants take turns in both workloads, in another order each round."""
    found: dict[str, list[float]] = {}
    async with floor(folder, urls(port, 1, count)) as bare, ours(folder, urls(port, 2, count)) as program:
        pairs = list(itertools.product(("P1", "P2"), (("floor", bare), ("ours", program))))
        for number in range(rounds + 2):  # one to see everything, one to warm up
            shift = number % len(pairs)
            for label, (name, turn) in pairs[shift:] + pairs[:shift]:
                say_turn(port, number if label == "P1" else QUIET)
                started_s = time.process_time()
                await turn()
                if number >= 2:
                    spent_s = time.process_time() - started_s
                    found.setdefault(f"{label} {name}", []).append(spent_s / count)
    return found


def say_turn(port: int, turn: int) -> None:
    """Tell the server which turn begins."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}/turn/{turn}").close()


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P1 and P2."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found = measure_all(rounds, 120 if quick else 1000, None)
    return [
        Result(name=name, ours=found[f"{name} ours"], reference=found[f"{name} floor"])
        for name in ("P1", "P2")
    ]


def measure_all(rounds: int, count: int, folder: Path | None) -> dict[str, list[float]]:
    """Start the server, measure, and end it; garbage of both variants is looked for as in the program."""
    gc.set_threshold(_GARBAGE_AFTER)
    with (
        tempfile.TemporaryDirectory(dir=folder) as name,
        subprocess.Popen(
            [sys.executable, "-m", "bench.polling", "--serve"], stdout=subprocess.PIPE, text=True
        ) as server,
    ):
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            return trio.run(partial(measure, port, rounds, count, Path(name)))
        finally:
            server.kill()


@click.command()
@click.option("--rounds", default=9, show_default=True)
@click.option("--count", default=1000, show_default=True, help="Sources of each variant.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where databases lie.")
@click.option("--logs", is_flag=True, help="Write the log as `run` does, to nowhere.")
@click.option("--serve", "serving", is_flag=True, hidden=True)
def main(rounds: int, count: int, folder: Path | None, logs: bool, serving: bool) -> None:
    """Measure, and print medians with their spread."""
    if serving:
        trio.run(serve)
        return
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    if logs:
        from cli.logs import set_up

        set_up(level="INFO", style="json", secrets=[])
    else:
        structlog.configure(wrapper_class=quiet)
    found = measure_all(rounds, count, folder)
    print(f"{rounds} rounds of {count} polls, {AT_ONCE} at once, feeds of {len(feed(1, 1))} bytes")
    print("CPU of a poll:")
    for name, spent in sorted(found.items()):
        low, middle, high = min(spent) * 1e6, statistics.median(spent) * 1e6, max(spent) * 1e6
        print(f"  {name:10} {middle:7.0f} us  ({low:.0f} to {high:.0f})")
    for label in ("P1", "P2"):
        ratios = [a / b for a, b in zip(found[f"{label} ours"], found[f"{label} floor"], strict=True)]
        spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"  {label} ours / floor {statistics.median(ratios):5.2f}  {spread}")


if __name__ == "__main__":
    main()
