"""A canary on all of loopback, a site on one address of it, and the program's whole way to documents."""

import random
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import pytest
import trio

import supervisor
from actors import poller
from actors.context import Context
from actors.reader.reading import InlineReader
from actors.running import inline
from actors.web import Web
from core.addresses import IPAddress
from core.protocol import PollOutcome, PollReport, SourceId
from core.settings import Settings
from simulation.http import Reply, Request
from simulation.http.server import serve
from store import sources

OPEN = "127.0.0.77"
"""The one address that may be connected to."""
FEED = b"<rss><channel><title>T</title><item><title>One</title><link>/1</link></item></channel></rss>"


class Canary:
    """Listens at every IPv4 address of loopback and at ::1; counts who knocks, also without a word.

    The system completes a connection before anybody accepts it, so none is missed.
    """

    def __init__(self) -> None:
        self._listeners = [socket.create_server(("0.0.0.0", 0), backlog=128)]
        self.port: int = self._listeners[0].getsockname()[1]
        with suppress(OSError):  # a machine without IPv6
            self._listeners.append(
                socket.create_server(("::1", self.port), family=socket.AF_INET6, backlog=128)
            )
        for listener in self._listeners:
            listener.settimeout(0)

    def knocks(self) -> int:
        """Return how many connections there were since this was asked last."""
        count = 0
        for listener in self._listeners:
            with suppress(BlockingIOError):
                while True:
                    listener.accept()[0].close()
                    count += 1
        return count

    async def answer(self) -> None:
        """Answer everybody with a feed, and let the knocks be forgotten: for what is allowed."""
        while True:
            for listener in self._listeners:
                with suppress(BlockingIOError):
                    connection, _ = listener.accept()
                    with connection:
                        connection.settimeout(1)
                        head = f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(FEED)}\r\n\r\n"
                        await trio.to_thread.run_sync(connection.recv, 65_536)
                        connection.sendall(head.encode() + FEED)
            await trio.sleep(0.01)

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird = Canary()
    yield bird
    bird.close()


class Dials:
    """Every address that Python's sockets were told to connect to, also those at which nobody listens."""

    def __init__(self) -> None:
        self.hosts: list[str] | None = None

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if self.hosts is not None and event == "socket.connect" and isinstance(args[1], tuple):
            self.hosts.append(str(args[1][0]))


@pytest.fixture(scope="session")
def hook() -> Dials:
    dials = Dials()
    sys.addaudithook(dials)  # cannot be taken back; idle, it costs next to nothing
    return dials


@pytest.fixture
def dialled(hook: Dials) -> Iterator[list[str]]:
    hook.hosts = []
    yield hook.hosts
    hook.hosts = None


@dataclass
class Names:
    """A resolver: each name has its answers, one after another; the last one stays."""

    answers: dict[str, list[list[str]]] = field(default_factory=dict)

    async def __call__(self, host: str) -> list[IPAddress]:
        await trio.lowlevel.checkpoint()
        if host not in self.answers:
            raise OSError(f"no such name: {host}")
        answers = self.answers[host]
        return [ip_address(text) for text in (answers.pop(0) if len(answers) > 1 else answers[0])]


@pytest.fixture
def names() -> Names:
    return Names(
        {"site.example": [[OPEN]]}
        # What such names really answer: a pointer to somewhere else looks no different from here.
        | {name: [["127.0.0.1"]] for name in ("localhost", "localtest.example", "inside.example")}
        | {"six.example": [["::1"]], "metadata.google.internal": [["169.254.169.254"]]}
    )


@dataclass
class Site:
    """An honest address with dishonest documents."""

    port: int = 0
    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, request: Request) -> Reply:
        await trio.lowlevel.checkpoint()
        self.asked.append(request.path)
        return self.pages.get(request.path, Reply(status=404))

    def url(self, path: str) -> str:
        return f"http://site.example:{self.port}{path}"

    def moves(self, path: str, status: int, location: str) -> str:
        """Put a redirect at a path; its address."""
        self.pages[path] = Reply(status=status, headers=(("location", location),))
        return self.url(path)

    def shows(self, path: str, body: bytes | str, *headers: tuple[str, str]) -> str:
        """Put a document at a path; its address."""
        raw = body.encode() if isinstance(body, str) else body
        self.pages[path] = Reply(headers=headers, body=raw)
        return self.url(path)


@pytest.fixture
async def site(nursery: trio.Nursery) -> Site:
    there = Site()

    async def run(*, task_status: trio.TaskStatus[int]) -> None:
        await serve(there, host=OPEN, task_status=task_status)

    there.port = await nursery.start(run)
    return there


@dataclass
class Polls:
    """The real poller, writer, database, Web, transport and guard."""

    ctx: Context
    web: Web
    env: supervisor.Environment
    ids: list[SourceId] = field(default_factory=list)

    async def add(self, url: str, *, kind: str = "feed", rules: str = "{}") -> None:
        """Watch an address as it stands: past all checks of people's typing."""
        now_ms = self.ctx.now_ms()
        source_id = await self.ctx.store.write(sources.upsert, kind=kind, url=url, rules=rules, now_ms=now_ms)
        self.ids.append(source_id)

    async def look(self) -> list[PollReport]:
        """Poll every source once; the reports in the order in which they were added."""
        reports: dict[int, PollReport] = {}

        def note(report: PollReport, _outcome: PollOutcome) -> None:
            reports[report.source_id] = report

        for source_id in self.ids:
            await self.ctx.store.write(sources.make_due, source_id, now_ms=self.ctx.now_ms())
        await poller.poll_once(self.ctx, self.web, InlineReader(), note)
        return [reports[source_id] for source_id in self.ids]

    async def stored(self) -> list[str]:
        """Return the addresses as the database has them."""
        return await self.ctx.store.read(
            lambda db: [row["url"] for row in db.execute("SELECT url FROM sources ORDER BY id").fetchall()]
        )


StartPolls = Callable[..., AbstractAsyncContextManager[Polls]]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def polls(names: Names, tmp_path: Path) -> StartPolls:
    @asynccontextmanager
    async def start(**changes: object) -> AsyncIterator[Polls]:
        values = {
            "database_url": f"sqlite:///{tmp_path / 'bot.db'}",
            "allow_networks": OPEN,
            "http_timeout": 2.0,
            "http_host_gap": 0.0,
        }
        env = supervisor.Environment(
            settings=Settings.model_validate(values | changes),
            now_ms=now_ms,
            clock=time.monotonic,
            rng=random.Random(1),
            run_write=inline,
            run_read=inline,
            announce=lambda _text: None,
            resolve=names,
        )
        async with supervisor.storage(env) as (store, boot_id), supervisor.web(env) as web:
            yield Polls(supervisor.context_for(env, store, boot_id), web, env)

    return start
