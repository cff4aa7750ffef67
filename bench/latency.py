"""`python -m bench.latency`: from the first byte that shows a new entry to the message that Telegram accepts.

The real program; sites with news and Telegram are this process, so that one clock stamps both. Pauses
between messages are off and every site posts to a chat of its own: what is left is the program's own time,
with that of the disk. Under load it polls ten thousand other sources meanwhile, sites in a third process.
"""

import json
import os
import random
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import click
import httpx
import trio

from bench.machine import machine
from bench.polls import quantile
from bench.scale import sites
from bench.scale.prepared import make_due, prepare
from bench.scale.rates import drawn_together, mixed
from bench.scale.running import OWNER_ID, TOKEN, now_ms, settings, until_ready
from bench.staging import program
from core.protocol import Place
from simulation.botapi import Accepted, BotApi, Chat, Limits
from simulation.http import Reply, Request, serve
from store import adding
from store.connection import open_for_writing

_SITES = 40
_INTERVAL_S = 4.0
_NEWS = 0.5
_FIRST_CHAT = -1_002_000_000_000
_NET, _NET_OF_PAGES = "127.200.0.", "127.201.0."
_RATE = 100.0
_LONGEST_S = 1800.0
_WAITS_S = 10.0
LIMIT_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run: how many other sources are polled, whether pages are read, and how many posts count."""

    others: int
    pages: bool
    posts: int
    warms_s: float = 20.0

    def __str__(self) -> str:
        beside = f"{self.others:,} other sources" if self.others else "nothing else to do"
        return f"{beside}, {'pages read' if self.pages else 'without pages'}"


@dataclass(slots=True)
class Watch:
    """Sites with news, and a watch that is stopped when Telegram accepts it."""

    rng: random.Random
    counts: bool = False
    shown_s: dict[str, float] = field(default_factory=dict)
    """When the answer that has a link first began; links of the counted time."""
    took_s: list[float] = field(default_factory=list)
    _newest: dict[str, int] = field(default_factory=dict)
    _port: int = 0

    async def handle(self, request: Request) -> Reply:
        """Answer a poll, with an entry more every other time; or a look at a page."""
        await trio.lowlevel.checkpoint()
        site, _, name = request.path[1:].partition("/")
        if name != "feed.xml":
            return Reply(headers=(("content-type", "text/html"),), body=sites.page(site, name))
        newest = self._newest.setdefault(site, sites.SHOWN)
        host = (request.header("host") or "").replace(_NET, _NET_OF_PAGES)
        fresh = request.header("if-none-match") is not None and self.rng.random() < _NEWS
        if fresh:
            self._newest[site] = newest = newest + 1
        elif request.header("if-none-match") == sites.tag_of(newest):
            return Reply(status=304)
        reply = Reply(
            headers=(("etag", sites.tag_of(newest)), ("content-type", "application/rss+xml")),
            body=sites.document(site, newest, base=f"http://{host}"),
        )
        if fresh and self.counts:
            self.shown_s[f"http://{host}/{site}/{newest}"] = time.monotonic()
        return reply

    def accepted(self, message: Accepted) -> None:
        """Stop the watch of the link that a message has."""
        now_s = time.monotonic()
        for link in message.links[:1]:
            if link in self.shown_s:
                self.took_s.append(now_s - self.shown_s.pop(link))


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """What one run has shown, in seconds."""

    run: str
    posts: int
    lost: int
    """Shown, and not accepted ten seconds after the end."""
    p50_s: float
    p99_s: float
    most_s: float
    load: float
    """How many processes of the machine wanted a core meanwhile."""

    def __str__(self) -> str:
        p50, p99, most = (value * 1000 for value in (self.p50_s, self.p99_s, self.most_s))
        told = f"{self.run:44} {self.posts:5} posts  p50 {p50:6.1f} ms  p99 {p99:6.1f}  most {most:6.1f}"
        return f"{told}  load {self.load:.1f}{f', {self.lost} LOST' if self.lost else ''}"


async def measure(folder: Path, plan: Plan, others_port: int) -> Latency:
    """Run the program in an empty folder, and take the time of its posts."""
    watch = Watch(random.Random(1))
    api = BotApi(token=TOKEN, now=time.time, rng=random.Random(1), limits=Limits.off())
    api.people.private(OWNER_ID)
    for number in range(_SITES):
        api.chats.add(Chat(chat_id=_FIRST_CHAT - number, kind="channel"))
    api.on_accepted.append(watch.accepted)
    async with trio.open_nursery() as nursery:
        telegram = await nursery.start(partial(serve, api.handle))
        port = await nursery.start(partial(serve, watch.handle, host="0.0.0.0"))
        database = folder / "bot.db"
        _fill(database, plan, port, others_port)
        monitor = program.free_port()
        own = {"FETCH_PAGES": str(plan.pages).lower(), "CHAT_GAP": "0", "GROUP_GAP": "0", "GLOBAL_RATE": "0"}
        async with program.running(settings(telegram, monitor) | own, folder) as process:
            async with httpx.AsyncClient(trust_env=False) as client:
                await until_ready(client, f"http://127.0.0.1:{monitor}")
            await trio.sleep(plan.warms_s)
            watch.counts = True
            await api.until(lambda: len(watch.took_s) >= plan.posts, _LONGEST_S)
            watch.counts = False
            with suppress(trio.TooSlowError):
                await api.until(lambda: not watch.shown_s, _WAITS_S)
            await program.stop(process)
        nursery.cancel_scope.cancel()
    return Latency(
        run=str(plan),
        posts=len(watch.took_s),
        lost=len(watch.shown_s),
        p50_s=quantile(watch.took_s, 0.5),
        p99_s=quantile(watch.took_s, 0.99),
        most_s=max(watch.took_s),
        load=os.getloadavg()[0],
    )


def _fill(database: Path, plan: Plan, port: int, others_port: int) -> None:
    """Watch the sites with news, and all the others at the rhythm of people."""
    intervals = drawn_together(mixed(plan.others, random.Random(1)), _RATE) if plan.others else []
    prepare(database, intervals, others_port, now_ms=now_ms())
    make_due(database, now_ms(), now_ms=now_ms())
    db = open_for_writing(database)
    with db.atomic():
        for number in range(_SITES):
            wish = adding.Wish(
                place=Place(chat_id=_FIRST_CHAT - number),
                kind="feed",
                url=f"http://{_NET}{1 + number}:{port}/{number}/feed.xml",
                backlog="none",
                interval_s=_INTERVAL_S,
                chat_type="channel",
            )
            adding.add(db, wish, now_ms=now_ms())
    db.close()


def run(plans: list[Plan]) -> list[Latency]:
    """Take one run after the other."""
    found = []
    for plan in plans:
        with tempfile.TemporaryDirectory() as name, sites.sites_at() as port:
            found.append(trio.run(measure, Path(name), plan, port))
        click.echo(str(found[-1]))
    return found


@click.command()
@click.option("--posts", default=400, show_default=True, help="For each run.")
@click.option("--others", default=10_000, show_default=True, help="Other sources under load.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures there.")
def main(posts: int, others: int, json_file: Path | None) -> None:
    """Measure idle and under load, with pages and without, and print quantiles."""
    about = machine()
    plans = [Plan(others=count, pages=pages, posts=posts) for pages in (False, True) for count in (0, others)]
    found = run(plans)
    if json_file:
        figures = {"machine": about, "runs": [asdict(each) for each in found]}
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
