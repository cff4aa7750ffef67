"""`python -m bench.dedupe`: what it costs to tell 13 new links from 243 known ones, in a long history (P7).

CPU seconds of one transaction. The reference is `executemany` with `INSERT OR IGNORE` on the same table; it
tells nobody which rows are new, and knows of no sources. A source that shows known links for the first time
is another matter: each gets a sighting, a row with an index; its reference writes those too.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
from sqlite_utils import Database

from bench.results import Result
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.protocol import Candidate, SourceId
from store import history, sources
from store.connection import open_for_writing
from store.migrations import migrate

_KEYS = 256
_NEW = 13
_BATCHES = 20
_ROWS_AT_ONCE = 50_000
_TITLE = "A title of some words"
_RAW = """INSERT OR IGNORE INTO history (normalized_url, url, title, first_seen_ms, rules_version)
    VALUES (?, ?, ?, ?, ?)"""


def _link(name: str) -> str:
    return f"https://news.example/2026/11/{name}-and-some-words-that-make-it-as-long-as-addresses-are"


def fill(db: Database, rows: int) -> int:
    """Give history so many links, each shown by one of some sources; return how many of those."""
    sources_count = rows // _KEYS
    names = json.dumps([f"https://news{n}.example/" for n in range(sources_count)])
    db.execute("INSERT INTO sources (kind, url) SELECT 'feed', value FROM json_each(?)", (names,))
    for start in range(0, rows, _ROWS_AT_ONCE):
        urls = json.dumps([_link(str(n)) for n in range(start, min(rows, start + _ROWS_AT_ONCE))])
        with db.atomic():
            db.execute(
                """INSERT INTO history (normalized_url, url, title, summary, first_seen_ms, rules_version)
                SELECT value, value, 'A title of some words', 'And what it is about', 1, 1
                FROM json_each(?)""",
                (urls,),
            )
    with db.atomic():
        db.execute(
            """INSERT INTO sightings (source_id, history_id, seen_ms, position)
            SELECT 1 + (id - 1) % :sources AS source_id, id, 1, 1 FROM history
            WHERE id <= :keys * :sources ORDER BY source_id, id""",
            {"sources": sources_count, "keys": _KEYS},
        )
    return sources_count


class Work:
    """One transaction after the other, each of another source, with links that nobody has seen."""

    def __init__(self, db: Database, sources_count: int) -> None:
        self._db = db
        self._sources = sources_count
        self._made = 0
        self._stranger = sources.upsert(db, kind="feed", url="https://stranger.example/", now_ms=1)

    def _next(self) -> tuple[int, list[str]]:
        """Return a source that was polled before, and what it shows now."""
        source = self._made % self._sources
        self._made += 1
        known = [_link(str(n * self._sources + source)) for n in range(_KEYS - _NEW)]
        return source + 1, [*known, *(_link(f"new-{self._made}-{n}") for n in range(_NEW))]

    def raw(self) -> float:
        """Return the seconds of the reference."""
        rows = [(url, url, _TITLE, 1, 1) for url in self._next()[1]]
        start_s = time.process_time()
        with self._db.atomic():
            self._db.conn.executemany(_RAW, rows)
        return time.process_time() - start_s

    def raw_with_sightings(self) -> float:
        """Return the seconds of the reference for a first sight: the known links' ids are given to it."""
        source, urls = self._next()
        rows = [(url, url, _TITLE, 1, 1) for url in urls]
        ids = [source + n * self._sources for n in range(_KEYS)]
        start_s = time.process_time()
        with self._db.atomic():
            self._db.conn.executemany(_RAW, rows)
            self._db.conn.executemany(
                """INSERT OR IGNORE INTO sightings (source_id, history_id, seen_ms, position)
                VALUES (?, ?, 1, ?)""",
                [(self._stranger, history_id, position) for position, history_id in enumerate(ids)],
            )
        return time.process_time() - start_s

    def ours(self, *, only_new: bool = False, first_sight: bool = False) -> float:
        """Return the seconds of the store.

        Args:
            only_new: as behind a memory, which lets no other links through.
            first_sight: the links are known from another source.
        """
        source, urls = self._next()
        shown = urls[-_NEW:] if only_new else urls
        candidates = [Candidate(key=url, url=url, title=_TITLE) for url in shown]
        start_s = time.process_time()
        with self._db.atomic():
            history.accept(
                self._db, SourceId(self._stranger if first_sight else source), candidates, now_ms=2
            )
        return time.process_time() - start_s


def measure(work: Work, rounds: int) -> Found:
    """Take the CPU seconds of a transaction, for each way."""
    variants: dict[str, Callable[[], float]] = {
        "executemany": work.raw,
        "the store, all 256": work.ours,
        "the store, behind the memory": lambda: work.ours(only_new=True),
        "executemany, and sightings": work.raw_with_sightings,
        "the store, first sight of all 256": lambda: work.ours(first_sight=True),
    }
    found: Found = {name: [] for name in variants}
    for counts, name in in_turn(list(variants), rounds):
        seconds = sum(variants[name]() for _ in range(_BATCHES)) / _BATCHES
        if counts:
            found[name].append(seconds)
    return found


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P7: the store with all 256 keys; what polls of a known source hand over is less, and in the note."""
    found = measure_all(rounds, 20_000 if quick else 1_000_000)
    reference, behind = found["executemany"], found["the store, behind the memory"]
    ratio = statistics.median(a / b for a, b in zip(behind, reference, strict=True))
    note = f"behind the memory of a source, which drops the keys it knows before the store: {ratio:.2f}"
    return [Result(name="P7", ours=found["the store, all 256"], reference=reference, note=note)]


def measure_all(rounds: int, rows: int) -> Found:
    """Make a database with a long history, and measure in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        db = open_for_writing(path)
        migrate(db, path, now_ms=1)
        found = measure(Work(db, fill(db, rows)), rounds)
        db.close()
    return found


@click.command()
@click.option("--rounds", default=9, show_default=True)
@click.option("--rows", default=1_000_000, show_default=True, help="Links in history.")
def main(rounds: int, rows: int) -> None:
    """Measure, and print what came out."""
    found = measure_all(rounds, rows)
    click.echo(f"{rounds} rounds of {_BATCHES} transactions, {rows} links in history")
    show_seconds(found)
    reference = found["executemany"]
    show_ratio("P7 all 256 keys / executemany (1.5)", found["the store, all 256"], reference)
    show_ratio("P7 behind the memory / executemany (1.5)", found["the store, behind the memory"], reference)
    show_ratio(
        "   first sight / executemany, and sightings",
        found["the store, first sight of all 256"],
        found["executemany, and sightings"],
    )


if __name__ == "__main__":
    main()
