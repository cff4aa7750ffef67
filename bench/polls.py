"""`python -m bench.polls`: half a million polls of ten thousand sources, some of which never answer.

The real poller, writer and database; sites, time and chance are simulated. Lateness is that of the sources
in good health, in seconds of the simulated clock: from when they are due to when they are asked.
"""

import logging
import os
import random
import sqlite3
import tempfile
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
import structlog
import trio
from sqlite_utils import Database
from trio.testing import MockClock

import supervisor
from actors import poller
from actors.reader.reading import InlineReader
from actors.running import inline
from core.protocol import Place
from core.settings import Settings
from simulation.http import InMemoryTransport, Reply, Request
from store import adding

EPOCH_S = 1_790_000_000.0
INTERVALS_S = (60.0, 300.0, 600.0, 1800.0, 3600.0)
GAP_S = 4 * 3600.0
SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is simulated. A source in three and a half has its host for itself; the others share one."""

    sources: int = 10_000
    hosts: int = 4_000
    polls: int = 500_000
    hanging: float = 0.02
    failing: float = 0.05
    concurrency: int = 64
    backoff_max: str = "24h"
    sample_every: int = 50_000
    seed: int = 1


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The state of the process after so many polls."""

    polls: int
    virtual_s: float
    cpu_s: float
    rss_bytes: int
    tasks: int
    files: int


@dataclass(kw_only=True)
class Found:
    """What a run has shown."""

    first: "array[float]" = field(default_factory=lambda: array("f"))
    """Lateness of each healthy source's first poll: all are due at once, as after a long stop."""
    later: "array[float]" = field(default_factory=lambda: array("f"))
    """Lateness of all their other polls."""
    samples: list[Sample] = field(default_factory=list)
    hung: int = 0
    failed: int = 0
    new: int = 0


class Sites:
    """Sites of one source and more: a few never answer, some answer wrongly, most have nothing new.

    Args:
        plan: how many of each.
        database: to look up when a source was due.
    """

    def __init__(self, plan: Plan, database: Path) -> None:
        rng = random.Random(plan.seed)
        numbers = list(range(plan.sources))
        rng.shuffle(numbers)
        hanging, failing = round(plan.sources * plan.hanging), round(plan.sources * plan.failing)
        self.hanging = frozenset(numbers[:hanging])
        self.failing = frozenset(numbers[hanging : hanging + failing])
        self.found = Found()
        self.enough = trio.Event()
        self._plan = plan
        self._delays_s = [rng.uniform(0.05, 1.0) for _ in numbers]
        self._phases_s = [rng.uniform(0.0, GAP_S) for _ in numbers]
        self._seen: set[int] = set()
        self._polls = 0
        self._reader = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)

    def urls(self) -> list[str]:
        """Return the address of each source."""
        return [f"https://h{n % self._plan.hosts}.example/{n}" for n in range(self._plan.sources)]

    async def handle(self, request: Request) -> Reply:
        """Answer one request, and note how late it is."""
        await trio.lowlevel.checkpoint()
        number = int(request.path[1:])
        self._note(number)
        if number in self.hanging:
            self.found.hung += 1
            return Reply(cut="hang")
        if number in self.failing:
            self.found.failed += 1
            return Reply(cut="refuse") if number % 2 else Reply(status=500, delay_s=self._delays_s[number])
        return self._document(number, request)

    def close(self) -> None:
        """Close the look at the database."""
        self._reader.close()

    def _note(self, number: int) -> None:
        self._polls += 1
        if self._polls % self._plan.sample_every == 0:
            self.found.samples.append(sample(self._polls))
        if self._polls >= self._plan.polls:
            self.enough.set()
        if number in self.hanging or number in self.failing:
            return
        row = self._reader.execute("SELECT next_check_ms FROM sources WHERE id = ?", (number + 1,)).fetchone()
        late_s = (now_ms() - row[0]) / 1000
        (self.found.later if number in self._seen else self.found.first).append(late_s)
        self._seen.add(number)

    def _document(self, number: int, request: Request) -> Reply:
        newest = int((trio.current_time() + self._phases_s[number]) / GAP_S) + SHOWN
        tag = f'"{newest}"'
        delay_s = self._delays_s[number]
        if request.header("if-none-match") == tag:
            return Reply(status=304, headers=(("etag", tag),), delay_s=delay_s)
        self.found.new += 1
        items = "".join(
            f"<item><title>No. {n}</title><link>/{number}/{n}</link></item>"
            for n in range(newest, newest - SHOWN, -1)
        )
        body = f"<rss><channel><title>S</title>{items}</channel></rss>".encode()
        return Reply(headers=(("etag", tag),), body=body, delay_s=delay_s)


def now_ms() -> int:
    """Return the simulated wall clock."""
    return round((EPOCH_S + trio.current_time()) * 1000)


def sample(polls: int) -> Sample:
    """Look at this process; memory and files as Linux shows them, else 0."""
    try:
        rss_bytes = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        files = sum(1 for _ in Path("/proc/self/fd").iterdir())
    except OSError:
        rss_bytes = files = 0
    return Sample(
        polls=polls,
        virtual_s=trio.current_time(),
        cpu_s=time.process_time(),
        rss_bytes=rss_bytes,
        tasks=trio.lowlevel.current_statistics().tasks_living,
        files=files,
    )


async def run(plan: Plan, folder: Path) -> Found:
    """Poll until there are enough polls; under a mock clock that jumps."""
    database = folder / "bot.db"
    async with trio.open_nursery() as servers:
        env = environment(plan, database)
        async with supervisor.storage(env) as (store, boot_id):
            sites = Sites(plan, database)
            env = environment(plan, database, InMemoryTransport(sites.handle, nursery=servers))
            await store.write(watch, sites.urls())
            sites.found.samples.append(sample(0))
            async with supervisor.web(env) as web, trio.open_nursery() as nursery:
                nursery.start_soon(
                    poller.run, supervisor.context_for(env, store, boot_id), web, InlineReader()
                )
                await sites.enough.wait()
                nursery.cancel_scope.cancel()
        sites.close()
        servers.cancel_scope.cancel()
    return sites.found


def environment(
    plan: Plan, database: Path, transport: InMemoryTransport | None = None
) -> supervisor.Environment:
    """Return a world that has only sites and a disk."""
    return supervisor.Environment(
        settings=Settings.model_validate(
            {
                "database_url": f"sqlite:///{database}",
                "http_concurrency": plan.concurrency,
                "backoff_max": plan.backoff_max,
            }
        ),
        now_ms=now_ms,
        clock=trio.current_time,
        rng=random.Random(plan.seed),
        run_write=inline,
        run_read=inline,
        announce=lambda _text: None,
        web_transport=transport,
    )


def watch(db: Database, urls: Sequence[str]) -> None:
    """Subscribe one chat to all, at mixed intervals."""
    for number, url in enumerate(urls):
        adding.add(
            db,
            adding.Wish(
                place=Place(chat_id=-1),
                kind="feed",
                url=url,
                backlog="none",
                interval_s=INTERVALS_S[number % len(INTERVALS_S)],
            ),
            now_ms=now_ms(),
        )


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which a part of all lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def told(name: str, late_s: Sequence[float]) -> str:
    """Write one line of lateness."""
    parts = [f"{what} {quantile(late_s, part):8.2f}" for what, part in (("median", 0.5), ("p99", 0.99))]
    return f"  {name:34} {len(late_s):8} polls  {'  '.join(parts)}  max {max(late_s, default=0.0):8.2f}"


@click.command()
@click.option("--polls", default=Plan.polls, show_default=True)
@click.option("--sources", default=Plan.sources, show_default=True)
@click.option("--hosts", default=Plan.hosts, show_default=True)
@click.option("--hanging", default=Plan.hanging, show_default=True, help="Share that never answers.")
@click.option("--failing", default=Plan.failing, show_default=True, help="Share that answers wrongly.")
@click.option("--concurrency", default=Plan.concurrency, show_default=True)
@click.option("--backoff-max", default=Plan.backoff_max, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where the database lies.")
def main(folder: Path | None, **values: int) -> None:
    """Simulate, and print what came of it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    plan = Plan(sample_every=max(1, values["polls"] // 10), **values)  # type: ignore[arg-type] # click's
    started_s = time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder) as name:
        found = trio.run(run, plan, Path(name), clock=MockClock(autojump_threshold=0))
    begin, *_, end = found.samples
    print(f"{plan}")
    print(
        f"{end.polls} polls: {found.hung} hung, {found.failed} failed, {found.new} showed something new; "
        f"{end.virtual_s / 3600:.1f} simulated hours in {time.monotonic() - started_s:.0f} s, "
        f"{(end.cpu_s - begin.cpu_s) / end.polls * 1e6:.0f} us of CPU a poll"
    )
    print("lateness of healthy sources, seconds of the simulated clock")
    print(told("first poll, all due at once", found.first))
    print(told("later polls", found.later))
    print("   polls  simulated h    CPU us/poll  RSS MB  tasks  files")
    for before, now in zip(found.samples, found.samples[1:], strict=False):
        each_us = (now.cpu_s - before.cpu_s) / (now.polls - before.polls) * 1e6
        print(
            f"{now.polls:8} {now.virtual_s / 3600:12.2f} {each_us:14.0f} {now.rss_bytes / 1e6:7.1f}"
            f" {now.tasks:6} {now.files:6}"
        )


if __name__ == "__main__":
    main()
