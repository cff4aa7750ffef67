"""`python -m bench.many_sources`: what a poll costs among 10,000 sources, against one among 100 (P10).

The real poller, client, writer and database; only the sockets are missing. In each turn as many are due,
spread over all there are, and one in six shows something new. Measured apart is the part that could grow: to
claim the sources and to record their polls, without fetching and reading anything.
"""

import logging
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
import structlog
import trio
from sqlite_utils import Database

import supervisor
from actors import poller
from actors.context import Context
from actors.poller import polling_policy
from actors.reader.reading import InlineReader
from actors.running import in_threads
from actors.web import Web
from bench.results import Result
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.protocol import Candidate, Place, PollOutcome, PollReport
from core.settings import Settings
from simulation.http import InMemoryTransport, Reply, Request
from store import adding, claims, sources

_DUE = 100
_SHOWN = 30
_CHANGES = 1 / 6
_AT_ONCE = 50
_DAY_S = 86_400.0


class Sites:
    """A feed on a host of its own for each source; with one look in six it has grown by one entry."""

    def __init__(self, rng: random.Random) -> None:
        self._grown: Counter[str] = Counter()
        self._rng = rng

    async def handle(self, request: Request) -> Reply:
        """Answer a poll."""
        await trio.lowlevel.checkpoint()
        number = int(request.path[1:])
        self._grown[request.path] += self._rng.random() < _CHANGES
        newest = _SHOWN + self._grown[request.path]
        headers = (("etag", f'"{newest}"'),)
        if request.header("if-none-match") == f'"{newest}"':
            return Reply(status=304, headers=headers)
        items = "".join(
            f"<item><title>Number {n} of some words</title><link>/{number}/and-some-words-{n}</link></item>"
            for n in range(newest, newest - _SHOWN, -1)
        )
        body = f"<rss><channel><title>Site {number}</title>{items}</channel></rss>"
        return Reply(headers=headers, body=body.encode())


class Program:
    """A program that watches so many sources; its turns return the CPU seconds of a poll."""

    def __init__(self, ctx: Context, web: Web, count: int) -> None:
        self._ctx = ctx
        self._web = web
        self._count = count
        self._turns = 0

    async def poll_what_is_due(self) -> None:
        """Poll as `once` does, without a network and without threads for documents."""
        await poller.poll_once(self._ctx, self._web, InlineReader(), _no_trouble)

    async def polls(self) -> float:
        """Take the CPU seconds of a whole poll."""
        await self._make_due()
        started_s = time.process_time()
        await self.poll_what_is_due()
        return (time.process_time() - started_s) / _DUE

    async def storage(self) -> float:
        """Take those of what the database does for a poll."""
        await self._make_due()
        started_s = time.process_time()
        for _ in range(_DUE // _AT_ONCE):
            await self._ctx.store.write(_claim_and_record, self._ctx, self._turns)
        return (time.process_time() - started_s) / _DUE

    async def _make_due(self) -> None:
        self._turns += 1
        await self._ctx.store.write(_make_due, self._count // _DUE, self._turns, self._ctx.now_ms())


@asynccontextmanager
async def program(database: Path, count: int) -> AsyncIterator[Program]:
    """Watch so many sources, each of which was read once."""
    env = supervisor.Environment(
        settings=Settings.model_validate(
            {"database_url": f"sqlite:///{database}", "http_concurrency": _AT_ONCE}
        ),
        now_ms=lambda: time.time_ns() // 1_000_000,
        clock=time.monotonic,
        rng=random.Random(count),
        run_write=in_threads(1),
        run_read=in_threads(2),
        announce=print,
        web_transport=InMemoryTransport(Sites(random.Random(count)).handle),
    )
    async with supervisor.storage(env) as (store, boot_id), supervisor.web(env) as web:
        ctx = supervisor.context_for(env, store, boot_id)
        await store.write(_watch, count, ctx.now_ms())
        made = Program(ctx, web, count)
        await made.poll_what_is_due()
        yield made


def _watch(db: Database, count: int, now_ms: int) -> None:
    for number in range(count):
        wish = adding.Wish(
            place=Place(chat_id=-1 - number % 10),
            kind="feed",
            url=f"https://host{number}.example/{number}",
            backlog="none",
            interval_s=_DAY_S,
        )
        adding.add(db, wish, now_ms=now_ms)


def _make_due(db: Database, step: int, turn: int, now_ms: int) -> None:
    """Let sources be due that lie far from each other."""
    db.execute("UPDATE sources SET next_check_ms = ? WHERE id % ? = ?", (now_ms, step, turn % step))


def _claim_and_record(db: Database, ctx: Context, turn: int) -> None:
    """Do what the writer does for polls, of which one in six found something."""
    room = claims.Room(sources=_AT_ONCE, hung=_AT_ONCE)
    claimed = claims.claim_due(db, owner=ctx.owner, room=room, now_ms=ctx.now_ms(), set_back=False)
    assert len(claimed.due) == _AT_ONCE
    for source in claimed.due:
        report = PollReport(source_id=source.source_id, status="not_modified")
        if ctx.rng.random() < _CHANGES:
            url = f"{source.url}/found-in-turn-{turn}"
            report = PollReport(
                source_id=source.source_id,
                status="ok",
                candidates=(Candidate(key=url, url=url, title="Of some words"),),
                known=_SHOWN - 1,
                memory=source.memory,
                validators=source.validators,
            )
        policy = polling_policy(ctx.settings)
        sources.record_poll(db, report, policy=policy, jitter=ctx.rng.random(), now_ms=ctx.now_ms())


def _no_trouble(report: PollReport, _outcome: PollOutcome) -> None:
    assert report.error is None, report


async def measure(folder: Path, few: int, many: int, rounds: int) -> Found:
    """Let both take turns."""
    async with program(folder / "few.db", few) as small, program(folder / "many.db", many) as large:
        variants = {
            f"a poll among {few}": small.polls,
            f"a poll among {many}": large.polls,
            f"its storage among {few}": small.storage,
            f"its storage among {many}": large.storage,
        }
        found: Found = {name: [] for name in variants}
        for counts, name in in_turn(list(variants), rounds):
            seconds = await variants[name]()
            if counts:
                found[name].append(seconds)
    return found


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P10."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        found = trio.run(measure, Path(folder), _DUE, 10 * _DUE if quick else 100 * _DUE, rounds)
    few_polls, many_polls, few_stored, many_stored = found.values()
    stored = statistics.median(a / b for a, b in zip(many_stored, few_stored, strict=True))
    note = f"claiming and recording alone: {stored:.2f}"
    return [Result(name="P10", ours=many_polls, reference=few_polls, note=note)]


@click.command()
@click.option("--rounds", default=31, show_default=True)
@click.option("--few", default=100, show_default=True)
@click.option("--many", default=10_000, show_default=True)
def main(rounds: int, few: int, many: int) -> None:
    """Measure, and print medians with their spread."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        found = trio.run(measure, Path(folder), few, many, rounds)
    print(f"{rounds} rounds of {_DUE} polls, {_AT_ONCE} at once; CPU of a poll")
    show_seconds(found)
    few_polls, many_polls, few_stored, many_stored = found.values()
    show_ratio(f"P10 a poll, {many} sources / {few} (1.2)", many_polls, few_polls)
    show_ratio("    its storage alone", many_stored, few_stored)


if __name__ == "__main__":
    main()
