"""`python -m bench.scale.simulated`: half a million polls of 100,000 sources, and as many of 100.

The real poller, writer and database, filled as for the curve; sites, time and chance are simulated, so that
there are no sockets and no waiting. Both make the same number of polls in a second of the simulated clock.
"""

import json
import logging
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import structlog
import trio
from trio.testing import MockClock

import supervisor
from actors import poller
from actors.context import Context
from actors.reader.reading import InlineReader
from actors.running import inline
from actors.web import Web
from bench.machine import machine
from bench.polls import now_ms
from bench.scale.prepared import make_due, prepare
from bench.scale.rates import drawn_together, mixed
from bench.scale.sites import Sites
from core.settings import Settings
from simulation.http import InMemoryTransport, Reply, Request

LIMIT = 1.2
_RATE = 100.0
_PORT = 80
_WARMS = 0.1
"""So great a part of the polls is made before they count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a poll among so many sources takes."""

    sources: int
    polls: int
    """As many as count."""
    poll_cpu_s: float
    virtual_s: float

    def __str__(self) -> str:
        return (
            f"{self.sources:8,} sources {self.polls:9,} polls {self.poll_cpu_s * 1e6:6.0f} us of CPU a poll,"
            f" {self.polls / self.virtual_s:.0f} polls in a simulated second"
        )


class Counted:
    """Sites that know how often they were asked, and took the processor's time at both ends."""

    def __init__(self, polls: int) -> None:
        self.enough = trio.Event()
        self.cpu_s: list[float] = []
        self.at_s: list[float] = []
        self._sites = Sites(random.Random(1))
        self._asked = 0
        self._marks = (round(polls * _WARMS), round(polls * _WARMS) + polls)

    async def handle(self, request: Request) -> Reply:
        """Answer a poll."""
        self._asked += 1
        if self._asked in self._marks:
            self.cpu_s.append(time.process_time())
            self.at_s.append(trio.current_time())
        if self._asked == self._marks[1]:
            self.enough.set()
        return await self._sites.handle(request)


def simulate(sources: int, polls: int) -> Cost:
    """Poll under a clock that jumps, until so many polls were counted."""
    with tempfile.TemporaryDirectory() as name:
        return trio.run(_simulate, Path(name), sources, polls, clock=MockClock(autojump_threshold=0))


async def _simulate(folder: Path, sources: int, polls: int) -> Cost:
    database = folder / "bot.db"
    prepare(database, drawn_together(mixed(sources, random.Random(sources)), _RATE), _PORT, now_ms=now_ms())
    make_due(database, now_ms(), now_ms=now_ms())
    counted = Counted(polls)
    async with _program(database, counted) as (ctx, web), trio.open_nursery() as nursery:
        nursery.start_soon(poller.run, ctx, web, InlineReader())
        await counted.enough.wait()
        nursery.cancel_scope.cancel()
    return Cost(
        sources=sources,
        polls=polls,
        poll_cpu_s=(counted.cpu_s[1] - counted.cpu_s[0]) / polls,
        virtual_s=counted.at_s[1] - counted.at_s[0],
    )


@asynccontextmanager
async def _program(database: Path, sites: Counted) -> AsyncIterator[tuple[Context, Web]]:
    """Give what the poller needs, in a world that has only sites and a disk."""
    settings = {"database_url": f"sqlite:///{database}", "interval_min": 1.0, "fetch_pages": False}
    async with trio.open_nursery() as servers:
        env = supervisor.Environment(
            settings=Settings.model_validate(settings),
            now_ms=now_ms,
            clock=trio.current_time,
            rng=random.Random(1),
            run_write=inline,
            run_read=inline,
            announce=lambda _text: None,
            web_transport=InMemoryTransport(sites.handle, nursery=servers),
        )
        async with supervisor.storage(env) as (store, boot_id), supervisor.web(env) as web:
            yield supervisor.context_for(env, store, boot_id), web
        servers.cancel_scope.cancel()


@click.command()
@click.option("--polls", default=500_000, show_default=True)
@click.option("--few", default=100, show_default=True)
@click.option("--many", default=100_000, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures there.")
def main(polls: int, few: int, many: int, json_file: Path | None) -> None:
    """Simulate both, and print how they compare."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    about = machine()
    costs = []
    for count in (few, many):
        costs.append(simulate(count, polls))
        click.echo(str(costs[-1]))
    ratio = costs[1].poll_cpu_s / costs[0].poll_cpu_s
    click.echo(f"a poll among {many:,} / among {few:,}: {ratio:.2f} (limit {LIMIT})")
    if json_file:
        figures = {"machine": about, "runs": [asdict(each) for each in costs]}
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
