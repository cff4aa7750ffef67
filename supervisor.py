"""Starts the actors, wires them to the writer, restarts those that crash, and ends them in order.

The order of shutdown is the nesting: the actors end first, a post under way with its receipt; then
the last sender of requests closes; then the writer drains, checkpoints and closes the database.
"""

import itertools
import os
import random
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import httpx
import structlog
import trio

from actors import writer
from actors.context import Bells, Context
from actors.pulse import Pulse
from actors.reader.reading import OpenReader, Reader, inline_reader
from actors.running import inline
from actors.web import Guard, Hosts, Resolver, Transport, Web, ask_the_system, parse_proxy
from core.errors import ActorKeepsCrashing, FatalError, leaves
from core.metrics import Metrics
from core.pacing import GlobalPace
from core.protocol import Owner
from core.settings import Settings
from store import claims, keys, processes
from store.client import Changes, Runner, Store, WriteRequest
from store.connection import open_for_reading, open_for_writing
from store.lock import owned
from store.migrations import migrate, refuse_strangers

if TYPE_CHECKING:
    from aiogram import Bot

    from actors.backup import FreeBytes

_CRASHES = 5
_WINDOW_S = 300.0
_LONGEST_BACKOFF_S = 60.0
_FAREWELL_S = 1.0

log = structlog.get_logger("supervisor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Everything the program takes from outside: settings, time, chance, threads and networks."""

    settings: Settings
    now_ms: Callable[[], int]
    clock: Callable[[], float]
    rng: random.Random
    run_write: Runner
    run_read: Runner
    announce: Callable[[str], None]
    resolve: Resolver = ask_the_system
    web_transport: httpx.AsyncBaseTransport | None = None
    """Instead of a network: nothing is connected, so there is no address to check."""
    telegram_transport: httpx.AsyncBaseTransport | None = None
    open_reader: OpenReader = inline_reader
    """A process of its own for heavy documents, or none: that would not keep simulated time."""
    metrics: Metrics = field(default_factory=Metrics)
    pulse: Pulse = field(default_factory=Pulse)
    at_work: Callable[[], None] = lambda: None
    """Called once the database is open and the actors begin."""
    imported: Callable[[], None] = lambda: None
    """Called once all code that the actors need is there, which takes a few seconds; then they start."""
    run_long: Runner = inline
    """For work that takes its time, such as backups."""
    free_bytes: "FreeBytes" = lambda _folder: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An actor to supervise. Without an essential one the program ends; others may stay stopped."""

    name: str
    run: Callable[[Context], Awaitable[None]]
    essential: bool = True


async def run(env: Environment, stop: trio.Event) -> None:
    """Run the whole program until `stop` is set.

    Raises:
        FatalError: the program cannot go on; with its exit code.
        DatabaseRefused: the database is not one for this version.
    """
    with _plain_errors():
        async with storage(env) as (store, boot_id), trio.open_nursery() as nursery:
            nursery.start_soon(_run_actors, env, store, boot_id)
            env.at_work()
            await stop.wait()
            log.info("stopping")
            nursery.cancel_scope.cancel()


async def _run_actors(env: Environment, store: Store, boot_id: str) -> None:
    contexts = _context_maker(env, boot_id, env.pulse)
    async with (
        telegram_bot(env) as bot,
        web(env) as pages,
        env.open_reader() as reader,
        trio.open_nursery() as nursery,
    ):
        actors = _actors(env, bot, pages, reader, env.pulse)
        env.imported()
        for actor in actors:
            nursery.start_soon(_supervise, actor, store, contexts, env, name=actor.name)


@asynccontextmanager
async def storage(env: Environment) -> AsyncIterator[tuple[Store, str]]:
    """Own the database and run its writer for the length of the block; give the store and this boot's id."""
    path = env.settings.database_path
    with owned(path):
        refuse_strangers(path)
        db = open_for_writing(path)
        for number in migrate(db, path, now_ms=env.now_ms()):
            log.info("migrated", number=number)
        if renewed := keys.bring_up_to_date(db, path, now_ms=env.now_ms()):
            log.info("keys_renewed", looked_at=renewed.looked_at, merged=renewed.merged)
        reader = open_for_reading(path)
        boot_id = f"{env.rng.getrandbits(64):016x}"
        send, receive = trio.open_memory_channel[WriteRequest](0)
        try:
            async with trio.open_nursery() as nursery:
                changes = Changes()
                serve = partial(writer.run, clock=env.clock, metrics=env.metrics, changes=changes)
                await nursery.start(serve, db, receive, env.run_write)
                with Store(send, reader, env.run_read, env.metrics, changes) as store:
                    await store.write(processes.begin, boot_id=boot_id, pid=os.getpid(), now_ms=env.now_ms())
                    await store.write(claims.make_secret, fresh=env.rng.randbytes(16))
                    yield store, boot_id
                    with trio.move_on_after(_FAREWELL_S, shield=True):
                        await store.write(processes.end, boot_id=boot_id, now_ms=env.now_ms())
        finally:
            reader.close()


@asynccontextmanager
async def telegram_bot(env: Environment) -> AsyncIterator["Bot"]:
    """Open the bot for the length of the block."""
    first = "actors.telegram" not in sys.modules
    if first:
        # With aiogram it takes a while, in which a signal must be heard.
        await trio.to_thread.run_sync(import_module, "actors.telegram", abandon_on_cancel=True)
    from aiogram import Bot

    from actors.telegram.session import HttpxSession, telegram_transport

    settings = env.settings
    proxy = settings.proxy_telegram.get_secret_value() if settings.proxy_telegram else None
    async with env.telegram_transport or telegram_transport(proxy=proxy) as transport:
        session = HttpxSession(settings.bot_api_url, transport)
        if first:
            await trio.to_thread.run_sync(session.prepare, abandon_on_cancel=True)
        yield Bot(settings.token, session=session)


@asynccontextmanager
async def web(env: Environment) -> AsyncIterator[Web]:
    """Open the way to documents for the length of the block."""
    settings = env.settings
    async with env.web_transport or _network(env) as transport:
        yield Web(
            transport,
            user_agent=settings.user_agent,
            timeout_s=settings.http_timeout,
            max_body_bytes=settings.max_body,
            hosts=Hosts(per_host=settings.http_per_host, gap_s=settings.http_host_gap),
        )


def _network(env: Environment) -> httpx.AsyncBaseTransport:
    settings = env.settings
    guard = Guard(env.resolve, networks=settings.allow_networks, hosts=settings.allow_hosts)
    proxy = settings.proxy_fetch
    return Transport(guard, proxy=None if proxy is None else parse_proxy(proxy.get_secret_value()))


def _actors(env: Environment, bot: "Bot", pages: Web, reader: Reader, pulse: Pulse) -> list[Actor]:
    from actors import backup, fetcher, finder, janitor, local_socket, monitor, poller, publisher, speaker
    from actors.gallery import Gallery
    from actors.telegram import actor as telegram
    from actors.telegram.amender import TelegramAmender
    from actors.telegram.files import TelegramFiles
    from actors.telegram.messenger import TelegramMessenger

    messenger = TelegramMessenger(bot)
    files = TelegramFiles(bot)
    actors = [
        Actor(name="poller", run=lambda ctx: poller.run(ctx, pages, reader)),
        Actor(name="finder", run=lambda ctx: finder.run(ctx, pages, reader)),
        Actor(name="fetcher", run=lambda ctx: fetcher.run(ctx, pages, reader)),
        Actor(name="publisher", run=lambda ctx: publisher.run(ctx, messenger, Gallery(pages, reader))),
        Actor(name="speaker", run=lambda ctx: speaker.run(ctx, messenger, TelegramAmender(bot))),
        Actor(name="telegram", run=lambda ctx: telegram.run(ctx, bot, env.announce, env.free_bytes, reader)),
        Actor(name="janitor", run=janitor.run, essential=False),
        Actor(name="local_socket", run=local_socket.run, essential=False),
        Actor(
            name="backup",
            run=lambda ctx: backup.run(ctx, env.run_long, env.free_bytes, files.send),
            essential=False,
        ),
    ]
    if env.settings.monitor_address:
        actors.append(Actor(name="monitor", run=lambda ctx: monitor.run(ctx, pulse), essential=False))
    return actors


def _context_maker(env: Environment, boot_id: str, pulse: Pulse) -> Callable[[Store, str], Context]:
    bells = Bells()
    pace = GlobalPace(rate=env.settings.global_rate)
    incarnations = itertools.count(1)

    def make(store: Store, actor: str) -> Context:
        return Context(
            store=store,
            settings=env.settings,
            owner=Owner(boot_id=boot_id, incarnation=next(incarnations)),
            now_ms=env.now_ms,
            rng=env.rng,
            bells=bells,
            pace=pace,
            metrics=env.metrics,
            turned=partial(pulse.turned, actor),
        )

    return make


def context_for(env: Environment, store: Store, boot_id: str) -> Context:
    """Return the context of a command that does an actor's work once."""
    return _context_maker(env, boot_id, Pulse())(store, "command")


async def _supervise(
    actor: Actor, store: Store, contexts: Callable[[Store, str], Context], env: Environment
) -> None:
    """Run an actor, again after each crash, ever later; returning is a crash."""
    crashes: deque[float] = deque(maxlen=_CRASHES)
    while True:
        try:
            with store.clone() as own:
                ctx = contexts(own, actor.name)
                ctx.turned()
                await actor.run(ctx)
            error: Exception = RuntimeError("the actor returned")
        except Exception as caught:  # noqa: BLE001 - supervision is about every error
            error = caught
        fatal = next((leaf for leaf in leaves(error) if isinstance(leaf, FatalError)), None)
        if fatal is not None:
            raise fatal
        now_s = trio.current_time()
        crashes.append(now_s)
        log.error("actor_crashed", actor=actor.name, crashes=len(crashes), exc_info=error)
        if len(crashes) == _CRASHES and now_s - crashes[0] <= _WINDOW_S:
            if actor.essential:
                raise ActorKeepsCrashing(f"the {actor.name} keeps crashing: {error!r}") from error
            log.error("actor_stopped", actor=actor.name, hint="the rest goes on; restart the program")
            return
        env.metrics.actor_restarts_total.add(actor.name)
        await trio.sleep(min(2.0 ** (len(crashes) - 1), _LONGEST_BACKOFF_S) * (1 + env.rng.random() / 2))


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Raise the one fatal error out of the groups that nurseries wrap around it."""
    try:
        yield
    except BaseExceptionGroup as group:
        fatal = next((leaf for leaf in leaves(group) if isinstance(leaf, FatalError)), None)
        if fatal is None:
            raise
        raise fatal from group


async def stop_on_signals(
    stop: trio.Event, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    """Set `stop` at the first SIGTERM or SIGINT; a second one ends the process at once."""
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        task_status.started()
        async for _ in signals:
            if stop.is_set():
                os._exit(1)
            stop.set()
