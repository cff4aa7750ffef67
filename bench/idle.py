"""`python -m bench.idle`: what a program costs that has nothing to say: commits, bytes written, turns.

300 sources at their usual rhythm, none of which shows anything new. First a day of the whole program under a
virtual clock, then some minutes of a real process on loopback. Commits are those of which SQLite itself
keeps count; bytes are what the process hands to the kernel (its database, its log and nothing else).
"""

import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import structlog
import trio
from sqlite_utils import Database
from trio.testing import MockClock

from core.protocol import Place
from simulation.botapi import BotApi
from simulation.commits import commits
from simulation.http import InMemoryTransport, Reply, Request, serve
from simulation.world import CHANNEL_ID, OWNER_ID, TOKEN, World
from store import adding
from store.connection import open_for_writing
from store.migrations import migrate
from tests.simulation.running import start_program

_ROOT = Path(__file__).resolve().parents[1]
_SETTLES_S = 3600.0
_STARTS_S = 30.0
_INTERVAL_MS = 600_000
_A_NET = 250
_SHOWN = 10
_DELAY_S = 0.1


@dataclass(frozen=True, slots=True)
class Counts:
    """What has happened so far, or in an hour."""

    commits: float
    written_kib: float
    polls: float
    cpu_s: float

    def an_hour(self, since: "Counts", hours: float) -> "Counts":
        """Return the difference to an earlier moment, for each hour."""
        pairs = zip(astuple(self), astuple(since), strict=True)
        return Counts(*((now - before) / hours for now, before in pairs))

    def __str__(self) -> str:
        return (
            f"{self.commits:8.0f} commits {self.written_kib:10.0f} KiB written"
            f" {self.polls:8.0f} polls {self.cpu_s:8.2f} s of CPU"
        )


class Quiet:
    """Sites that show the same for ever, and say so when they are asked whether it has changed."""

    def __init__(self) -> None:
        self.asked = 0

    async def handle(self, request: Request) -> Reply:
        """Answer a poll."""
        self.asked += 1
        tag = f'"{request.path}"'
        delay_s = _DELAY_S * (1 + sum(request.path.encode()) % 10)
        if request.header("if-none-match") == tag:
            return Reply(status=304, headers=(("etag", tag),), delay_s=delay_s)
        items = "".join(
            f"<item><title>No. {n}</title><link>{request.path}/{n}</link></item>" for n in range(_SHOWN)
        )
        body = f"<rss><channel><title>S</title>{items}</channel></rss>".encode()
        return Reply(headers=(("etag", tag),), body=body, delay_s=delay_s)


class Turns(trio.abc.Instrument):
    """Counts how often each task runs, and how often the process wakes up."""

    def __init__(self) -> None:
        self.steps: Counter[str] = Counter()
        self.wakes = 0
        self._now_s = 0.0

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        self.steps[task.name] += 1

    def before_io_wait(self, timeout: float) -> None:  # noqa: ARG002 - trio's signature
        now_s = trio.current_time()
        self.wakes += now_s != self._now_s
        self._now_s = now_s


def watch(db: Database, urls: list[str], *, now_ms: int) -> None:
    """Subscribe one chat to all, with no wish of its own as to when they are asked."""
    for url in urls:
        wish = adding.Wish(place=Place(chat_id=CHANNEL_ID), kind="feed", url=url, backlog="none")
        adding.add(db, wish, now_ms=now_ms)


def prepare(database: Path, urls: list[str], *, now_ms: int) -> None:
    """Make a database that watches these addresses."""
    db = open_for_writing(database)
    migrate(db, database, now_ms=now_ms)
    db.execute("BEGIN")
    watch(db, urls, now_ms=now_ms)
    db.execute("COMMIT")
    db.close()


def spread(database: Path) -> None:
    """Let the sources be due one after the other, as they are after some days."""
    now_ms = time.time_ns() // 1_000_000
    with closing(open_for_writing(database)) as db:
        db.execute(
            """UPDATE sources SET next_check_ms = :now + id * :interval / (SELECT COUNT(*) FROM sources),
                scheduled_ms = :now + id * :interval / (SELECT COUNT(*) FROM sources) - :interval""",
            {"now": now_ms, "interval": _INTERVAL_MS},
        )


def written_kib(pid: int) -> float:
    """Return what a process has handed to the kernel so far."""
    lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"]) / 1024


def cpu_s(pid: int) -> float:
    """Return the CPU time of a process, its own and the kernel's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def simulate(sources: int, hours: float, folder: Path, turns: Turns) -> Counts:
    """Run the whole program for so many virtual hours and one more, which does not count."""
    sites = Quiet()
    async with trio.open_nursery() as nursery:
        world = World(1, folder, nursery=nursery)
        world.web_transport = InMemoryTransport(sites.handle, nursery=nursery)
        prepare(world.database, [f"https://h{n}.example/{n}" for n in range(sources)], now_ms=world.now_ms())
        async with start_program(world, interval_min=60.0, interval_default=600.0) as life:
            await trio.sleep(_SETTLES_S)
            with commits(world.database) as committed:

                def now() -> Counts:
                    return Counts(committed(), written_kib(os.getpid()), sites.asked, time.process_time())

                before = now()
                trio.lowlevel.add_instrument(turns)
                await trio.sleep(hours * 3600)
                trio.lowlevel.remove_instrument(turns)
                found = now().an_hour(before, hours)
                life.stop.set()
                await life.ended.wait()
        nursery.cancel_scope.cancel()
    return found


async def watch_process(sources: int, minutes: float, folder: Path) -> Counts:
    """Poll everything once, and run the real program for so many minutes behind its start."""
    sites = Quiet()
    api = BotApi(token=TOKEN, now=time.time, rng=random.Random(1))
    api.people.private(OWNER_ID)
    database = folder / "bot.db"
    async with trio.open_nursery() as nursery:
        telegram = await nursery.start(partial(serve, api.handle))
        web = await nursery.start(partial(serve, sites.handle, host="0.0.0.0"))
        urls = [f"http://127.0.{1 + n // _A_NET}.{1 + n % _A_NET}:{web}/{n}" for n in range(sources)]
        prepare(database, urls, now_ms=time.time_ns() // 1_000_000)
        program = [sys.executable, str(_ROOT / "run.py")]
        place: dict[str, Any] = {"cwd": folder, "env": os.environ | _settings(telegram)}
        await trio.run_process([*program, "once", "--no-publish"], **place, capture_stdout=True)
        spread(database)
        process = await trio.lowlevel.open_process(program, **place)
        try:
            await trio.sleep(_STARTS_S)
            with commits(database) as committed:

                def now() -> Counts:
                    return Counts(committed(), written_kib(process.pid), sites.asked, cpu_s(process.pid))

                before = now()
                await trio.sleep(minutes * 60)
                return now().an_hour(before, minutes / 60)
        finally:
            process.terminate()
            with trio.CancelScope(shield=True):
                await process.wait()
            nursery.cancel_scope.cancel()


def _settings(telegram_port: int) -> dict[str, str]:
    return {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": f"http://127.0.0.1:{telegram_port}",
        "OWNER_IDS": str(OWNER_ID),
        "DATABASE_URL": "sqlite:///bot.db",
        "ALLOW_NETWORKS": "127.0.0.0/8",
        "MONITOR_ADDRESS": "127.0.0.1:0",
        "HTTP_HOST_GAP": "0",
        "BACKUP_EVERY": "0",
        "LOG_LEVEL": "WARNING",
    }


@click.command()
@click.option("--sources", default=300, show_default=True)
@click.option("--hours", default=24.0, show_default=True, help="Virtual ones; 0: only the real process.")
@click.option("--minutes", default=10.0, show_default=True, help="Of the real process; 0: only a simulation.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where databases lie.")
def main(sources: int, hours: float, minutes: float, folder: Path | None) -> None:
    """Measure, and print what an hour costs."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(dir=folder) as name:
        if hours:
            turns = Turns()
            clock = MockClock(autojump_threshold=0)
            found = trio.run(simulate, sources, hours, Path(name), turns, clock=clock)
            click.echo(f"an hour of {hours:.0f} simulated ones, {sources} sources:")
            click.echo(f"  {found}")
            click.echo(f"  {turns.wakes / hours:8.0f} wake-ups; steps of tasks:")
            for task, steps in turns.steps.most_common(14):
                click.echo(f"    {steps / hours:10.0f} {task}")
        if minutes:
            found = trio.run(watch_process, sources, minutes, Path(name))
            click.echo(f"an hour of the real process, from {minutes:.0f} minutes, {sources} sources:")
            click.echo(f"  {found}")


if __name__ == "__main__":
    main()
