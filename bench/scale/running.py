"""One point of the curve: the real program beside a Telegram and sites on loopback, and what it takes."""

import random
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import trio

from bench.resident import cpu_of
from bench.scale.figures import Figures, Lateness, Moment, figures_of, moment_of
from bench.scale.prepared import CHATS, make_due, prepare
from bench.scale.rates import drawn_together, mixed
from bench.staging import program
from bench.staging.scraping import READY, Sample, look
from simulation.botapi import BotApi, Chat
from simulation.http import serve

TOKEN = "1000000:a-token-that-opens-only-a-simulation"
OWNER_ID = 1001
_LONGEST_START_S = 60.0
_LOOK_S = 0.05
_ASK_EVERY_S = 10.0
_PATIENCE_S = 60.0
_LATENESS_EVERY_S = 5.0
_BEFORE_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long one point is looked at, in seconds."""

    rate: float
    """So many polls a second, if the sources can be asked so often."""
    settles_s: float = 20.0
    """From just before the start of the process until it is taken to be idle."""
    idles_s: float = 15.0
    """So long nothing is due; that is taken off what is measured later. 0: nothing is."""
    warms_s: float = 10.0
    """So long polls are not counted yet."""
    lasts_s: float = 60.0


async def measure(folder: Path, count: int, plan: Plan, sites_port: int) -> Figures:
    """Run the program with so many sources in a folder that is empty."""
    database = folder / "bot.db"
    intervals = drawn_together(mixed(count, random.Random(count)), plan.rate)
    prepare(database, intervals, sites_port, now_ms=now_ms())
    size_bytes = database.stat().st_size
    api = BotApi(token=TOKEN, now=time.time, rng=random.Random(1))
    api.people.private(OWNER_ID)
    for chat_id in CHATS:
        api.chats.add(Chat(chat_id=chat_id, kind="channel"))
    async with trio.open_nursery() as nursery:
        telegram = await nursery.start(partial(serve, api.handle))
        port = program.free_port()
        begins_s = time.monotonic()
        due_ms = now_ms() + round((plan.settles_s + plan.idles_s) * 1000)
        make_due(database, due_ms, now_ms=now_ms())
        started_s = time.monotonic()
        async with program.running(settings(telegram, port), folder) as process:
            async with httpx.AsyncClient(trust_env=False, timeout=_LONGEST_START_S) as client:
                base = f"http://127.0.0.1:{port}"
                await until_ready(client, base)
                ready_s, start_cpu_s = time.monotonic() - started_s, cpu_of(process.pid)
                seen = await _watch(partial(look, client, base, process.pid), api, plan, database, begins_s)
            stop_s, code = await program.stop(process)
        nursery.cancel_scope.cancel()
    return figures_of(
        sources=count,
        rate=sum(1 / each_s for each_s in intervals),
        ready_s=ready_s,
        start_cpu_s=start_cpu_s,
        moments=seen.moments,
        stats_s=seen.stats_s,
        late=seen.late,
        posts=sum(one.chat_id in CHATS for one in api.journal),
        database_bytes=size_bytes,
        stop_s=stop_s,
        exit_code=code,
    )


@dataclass(slots=True, kw_only=True)
class _Seen:
    moments: list[Moment]
    """Begin and end of the idle time, if there is any, and of the time in which polls are counted."""
    stats_s: list[float]
    late: list[Lateness]


async def _watch(
    looked: Callable[[], Awaitable[Sample]], api: BotApi, plan: Plan, database: Path, begins_s: float
) -> _Seen:
    """Look at the process at the moments that matter, and ask it questions while it polls."""
    seen = _Seen(moments=[], stats_s=[], late=[])

    async def look_at(offset_s: float) -> None:
        await trio.sleep(max(0.0, begins_s + offset_s - time.monotonic()))
        seen.moments.append(moment_of(await looked()))

    due_s = plan.settles_s + plan.idles_s
    if plan.idles_s:
        if time.monotonic() > begins_s + plan.settles_s:
            raise TimeoutError("the program was not ready when it should have settled")
        await look_at(plan.settles_s)
        await look_at(due_s - _BEFORE_S)
    await look_at(due_s + plan.warms_s)
    begun_s = time.monotonic() - begins_s
    async with trio.open_nursery() as nursery:
        asked = trio.Event()
        nursery.start_soon(_ask, api, seen.stats_s, asked)
        nursery.start_soon(_look_for_late_ones, database, seen.late)
        # An answer first, so that there is one however long it takes on a busy machine.
        await asked.wait()
        await look_at(begun_s + plan.lasts_s)
        nursery.cancel_scope.cancel()
    return seen


async def _ask(api: BotApi, seconds: list[float], asked: trio.Event) -> None:
    """Ask `/stats` for ever, and note how long each answer takes."""
    while True:
        before, asked_s = len(api.journal), time.time()
        api.user_says(OWNER_ID, OWNER_ID, "/stats")
        answer = await api.wait_for(lambda one: one.chat_id == OWNER_ID, _PATIENCE_S, since=before)
        seconds.append(answer.at - asked_s)
        asked.set()
        await trio.sleep(_ASK_EVERY_S)


async def _look_for_late_ones(database: Path, late: list[Lateness]) -> None:
    """Note for ever how long the source has waited that is due longest, and how many are due."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        while True:
            oldest_ms, waiting = db.execute(
                """SELECT MIN(next_check_ms), COUNT(*) FROM sources
                WHERE state IN ('probing', 'active') AND next_check_ms <= ? AND lease_owner IS NULL""",
                (now_ms(),),
            ).fetchone()
            oldest_s = 0.0 if oldest_ms is None else (now_ms() - oldest_ms) / 1000
            late.append(Lateness(oldest_s=oldest_s, waiting=waiting))
            await trio.sleep(_LATENESS_EVERY_S)


async def until_ready(client: httpx.AsyncClient, base: str) -> None:
    """Return when the program whose monitor answers there calls itself ready."""
    with trio.fail_after(_LONGEST_START_S):
        while True:
            with suppress(httpx.TransportError):
                if (await client.get(f"{base}/readyz")).status_code == READY:
                    return
            await trio.sleep(_LOOK_S)


def settings(telegram_port: int, port: int) -> dict[str, str]:
    """Return the settings that are not the defaults; `port` is that of its monitor."""
    return {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": f"http://127.0.0.1:{telegram_port}",
        "OWNER_IDS": str(OWNER_ID),
        "DATABASE_URL": "sqlite:///bot.db",
        "ALLOW_NETWORKS": "127.0.0.0/8",
        "MONITOR_ADDRESS": f"127.0.0.1:{port}",
        "INTERVAL_MIN": "1s",
        "FETCH_PAGES": "false",
        "BACKUP_EVERY": "0",
    }


def now_ms() -> int:
    """Return the wall clock."""
    return time.time_ns() // 1_000_000
