"""`python -m bench.scale.simulated`: half a million polls of 100,000 sources, and as many of 100.

The real poller, writer and database, filled as for the curve; sites, time and chance are simulated, so that
there are no sockets and no waiting. Both make the same number of polls in a second of the simulated clock.

Each has a process of its own, and they take turns, of which the first warms up: a machine that is slow for a
minute is so for both.
"""

import json
import logging
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

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
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from bench.scale.prepared import make_due, prepare
from bench.scale.rates import drawn_together, mixed
from bench.scale.sites import Sites
from core.settings import Settings
from simulation.http import InMemoryTransport, Reply, Request

LIMIT = 1.2
_RATE = 100.0
_PORT = 80
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the polls of a turn took."""

    polls: int
    cpu_s: float
    virtual_s: float


TakeTurn = Callable[[Turn | None], None]
"""Told what the last turn took, or None before the first; it returns when the next one may begin."""


class Counted:
    """Sites that know how often they were asked, and end a turn after so many polls."""

    def __init__(self, polls: int, turns: int, take_turn: TakeTurn) -> None:
        self.enough = trio.Event()
        self._sites = Sites(random.Random(1))
        self._polls = polls
        self._left = turns
        self._take_turn = take_turn
        self._asked = 0
        self._began_s = (0.0, 0.0)

    async def handle(self, request: Request) -> Reply:
        """Answer a poll."""
        if self._asked == 0:
            self._begin(None)
        elif self._asked % self._polls == 0 and self._left:
            self._end()
        self._asked += 1
        return await self._sites.handle(request)

    def _begin(self, took: Turn | None) -> None:
        self._take_turn(took)
        self._began_s = time.process_time(), trio.current_time()

    def _end(self) -> None:
        cpu_s, at_s = self._began_s
        took = Turn(
            polls=self._polls, cpu_s=time.process_time() - cpu_s, virtual_s=trio.current_time() - at_s
        )
        self._left -= 1
        if self._left:
            self._begin(took)
        else:
            self._take_turn(took)
            self.enough.set()


def simulate(sources: int, polls: int, turns: int, take_turn: TakeTurn) -> None:
    """Poll so often in each turn, under a clock that jumps."""
    with tempfile.TemporaryDirectory() as name:
        counted = Counted(polls, turns, take_turn)
        trio.run(_simulate, Path(name), sources, counted, clock=MockClock(autojump_threshold=0))


async def _simulate(folder: Path, sources: int, sites: Counted) -> None:
    database = folder / "bot.db"
    prepare(database, drawn_together(mixed(sources, random.Random(sources)), _RATE), _PORT, now_ms=now_ms())
    make_due(database, now_ms(), now_ms=now_ms())
    async with _program(database, sites) as (ctx, web), trio.open_nursery() as nursery:
        nursery.start_soon(poller.run, ctx, web, InlineReader())
        await sites.enough.wait()
        nursery.cancel_scope.cancel()


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


class Contestant:
    """A process of its own that polls among so many sources, when it is its turn."""

    def __init__(self, sources: int, polls: int, turns: int) -> None:
        self.name = f"a poll among {sources:,} sources"
        options = ["--alone", str(sources), "--polls", str(polls), "--turns", str(turns)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, *options],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._line()

    def turn(self) -> Turn:
        """Let it poll until its turn ends."""
        _pipe(self._process.stdin).write("\n")
        _pipe(self._process.stdin).flush()
        return Turn(**json.loads(self._line()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, wherever it is."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise RuntimeError(f"{self.name}: the process ended with {self._process.wait()}")
        return line


def _pipe(of_process: IO[str] | None) -> IO[str]:
    assert of_process is not None
    return of_process


def take_turns(few: int, many: int, polls: int, rounds: int) -> dict[str, list[Turn]]:
    """Let both poll in turn; return what counts, by name."""
    with Contestant(few, polls, rounds + 1) as small, Contestant(many, polls, rounds + 1) as large:
        by_name = {each.name: each for each in (small, large)}
        turns: dict[str, list[Turn]] = {name: [] for name in by_name}
        for counts, name in in_turn(list(by_name), rounds):
            turn = by_name[name].turn()
            if counts:
                turns[name].append(turn)
    return turns


def _show(turns: dict[str, list[Turn]]) -> None:
    found: Found = {name: [turn.cpu_s / turn.polls for turn in each] for name, each in turns.items()}
    show_seconds(found)
    few, many = found.values()
    show_ratio(f"among many / among few ({LIMIT})", many, few)
    print(f"  {'all of them together':42} {sum(many) / sum(few):5.2f}")
    for name, each in turns.items():
        polls, virtual_s = sum(turn.polls for turn in each), sum(turn.virtual_s for turn in each)
        print(f"  {name:34} {polls:9,} polls, {polls / virtual_s:.0f} in a simulated second")


def _say_and_wait(took: Turn | None) -> None:
    print(json.dumps(took and asdict(took)), flush=True)
    sys.stdin.readline()


@click.command()
@click.option("--polls", default=50_000, show_default=True, help="Of a turn.")
@click.option("--turns", default=10, show_default=True, help="That count; of each.")
@click.option("--few", default=100, show_default=True)
@click.option("--many", default=100_000, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures there.")
@click.option("--alone", type=int, hidden=True, help="Be one of the processes, with so many sources.")
def main(polls: int, turns: int, few: int, many: int, json_file: Path | None, alone: int | None) -> None:
    """Simulate both, and print how they compare."""
    if alone is not None:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        simulate(alone, polls, turns, _say_and_wait)
        return
    about = machine()
    found = take_turns(few, many, polls, turns)
    _show(found)
    if json_file:
        runs = {name: [asdict(turn) for turn in each] for name, each in found.items()}
        json_file.write_text(json.dumps({"machine": about, "turns": runs}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
