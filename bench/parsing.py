"""`python -m bench.parsing`: what reading documents costs, and for how long it holds up the event loop.

CPU seconds of this process, which runs the event loop, and of the worker process where it is one's turn.
"""

import contextlib
import gc
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import trio
from lxml import etree

from actors.reader.reading import Reader, WorkshopReader
from actors.reader.workshop import Workshop
from bench.documents import honest_rss, hostile
from bench.gaps import longest_gap_s
from bench.results import Result
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.candidates import candidates_of
from core.entries import Document
from core.errors import UnreadableDocument
from core.kinds import parse_as

URL = "https://news.example/feed.xml"
SMALL_ENTRIES = 30
MEGABYTE = 1_000_000
REPEATS = 50
SIZES = (
    (0, "nothing"),
    (MEGABYTE - 10_000, "1 MB"),
    (2 * MEGABYTE, "2 MB"),
    (8 * MEGABYTE, "8 MB"),
)
"""Of the feeds that the event loop takes in."""


def mapping_results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P5."""
    found = parsing(rounds, repeats=5 if quick else REPEATS)
    return [Result(name="P5", ours=found["ours, a feed"], reference=found["lxml.etree.fromstring"])]


def hostile_results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P6: the document that costs the event loop's process most. There is no quick look but fewer rounds."""
    del quick
    here, there = trio.run(hostility, rounds)
    both = {name: [a + b for a, b in zip(here[name], there[name], strict=True)] for name in here}
    worst, worst_of_both = dearest(here), dearest(both)
    whole = statistics.median(both[worst_of_both]) / statistics.median(both["honest"])
    note = (
        f"CPU of the event loop's process, the worst document was: {worst}; "
        f"with that of the worker process {whole:.1f}, the worst was: {worst_of_both}"
    )
    return [Result(name="P6", ours=here[worst], reference=here["honest"], unit="ms", note=note)]


def gap_results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P12; wall time. There is no quick look at it but fewer rounds.

    It has no reference but the gap while nothing is read, which the note tells.
    """
    del quick
    found = trio.run(gaps, rounds)
    nothing_ms = statistics.median(found["nothing"]) * 1000
    note = f"wall time; with nothing to read the longest gap was {nothing_ms:.1f} ms"
    return [Result(name="P12", ours=found["2 MB"], unit="ms", note=note)]


def dearest(found: Found) -> str:
    """Return what cost most."""
    return max(found, key=lambda name: statistics.median(found[name]))


def parsing(rounds: int, *, repeats: int = REPEATS) -> Found:
    """P5: our mapper against the tree alone."""
    document = Document(body=honest_rss(SMALL_ENTRIES), url=URL)
    variants: dict[str, Callable[[], object]] = {
        "lxml.etree.fromstring": lambda: etree.fromstring(document.body),
        "ours, a feed": lambda: parse_as("feed", document),
        "ours, auto": lambda: parse_as("auto", document),
    }
    found: Found = {}
    for counts, name in in_turn(list(variants), rounds):
        started_s = time.process_time()
        for _ in range(repeats):
            variants[name]()
        if counts:
            found.setdefault(name, []).append((time.process_time() - started_s) / repeats)
    print(f"A feed of {len(document.body) / 1000:.0f} KB with {SMALL_ENTRIES} entries, {rounds} rounds; CPU")
    show_seconds(found)
    show_ratio("P5  ours / lxml.etree.fromstring", found["ours, a feed"], found["lxml.etree.fromstring"])
    return found


async def hostility(rounds: int) -> tuple[Found, Found]:
    """P6: what documents made to be expensive cost the process that runs the event loop, and the worker."""
    documents = dict(hostile(MEGABYTE - 1_000))
    documents["honest"] = honest_rss(MEGABYTE // 2_050)
    here: Found = {}
    there: Found = {}
    async with trio.open_nursery() as nursery:
        workshop = Workshop(nursery)
        reader = WorkshopReader(workshop)
        for counts, name in in_turn(list(documents), rounds):
            before = time.process_time(), _worker_cpu_s(workshop)
            with contextlib.suppress(UnreadableDocument):  # that is an outcome too
                await reader.read("auto", Document(body=documents[name], url=URL), "{}")
            if counts:
                here.setdefault(name, []).append(time.process_time() - before[0])
                there.setdefault(name, []).append(max(0.0, _worker_cpu_s(workshop) - before[1]))
        nursery.cancel_scope.cancel()
    print(f"\nDocuments of 1 MB, {rounds} rounds; CPU of the event loop's process")
    show_seconds(here, unit="ms")
    print("  and of the worker")
    show_seconds({name: spent for name, spent in there.items() if max(spent)}, unit="ms")
    worst = dearest(here)
    show_ratio(f"P6  the worst, {worst} / honest", here[worst], here["honest"])
    return here, there


def _worker_cpu_s(workshop: Workshop) -> float:
    """Read the worker's CPU time from the kernel; 0 where there is none, or the kernel is not Linux."""
    pid = workshop.worker_pid
    try:
        fields = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return int(fields[0]) / 1e9


async def gaps(rounds: int) -> Found:
    """P12: the longest time in which the event loop does nothing else while a feed is taken in."""
    found: Found = {}
    async with trio.open_nursery() as nursery:
        reader = WorkshopReader(Workshop(nursery))
        for size, name in SIZES:
            document = Document(body=honest_rss(size // 2_050), url=URL)
            for number in range(rounds + 1):
                gap_s = await longest_gap_s(partial(_take_in, reader, document))
                if number:
                    found.setdefault(name, []).append(gap_s)
        nursery.cancel_scope.cancel()
    print(
        f"\nP12  longest gap of the event loop while a feed of this size is read, {rounds} rounds; wall time"
    )
    show_seconds(found, unit="ms")
    return found


async def _take_in(reader: Reader, document: Document) -> None:
    parsed = await reader.read("feed", document, "{}")
    await trio.lowlevel.checkpoint()
    candidates_of(parsed, source_id=1)


@click.command()
@click.option("--rounds", default=9, show_default=True)
def main(rounds: int) -> None:
    """Measure, and print medians with their spread."""
    parsing(max(rounds, 7))
    gc.collect()
    trio.run(hostility, max(rounds, 7))
    trio.run(gaps, max(rounds, 7))


if __name__ == "__main__":
    main()
