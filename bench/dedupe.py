"""`python -m bench.dedupe`: what it costs to tell 13 new links from 243 known ones, with a long history (P7).

CPU seconds of one transaction. The reference is `executemany` with `INSERT OR IGNORE` on the same table.
"""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
from sqlite_utils import Database

from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.protocol import Candidate, SourceId
from store import history, sources
from store.connection import open_for_writing
from store.migrations import migrate

_KEYS = 256
_NEW = 13
_BATCHES = 20
_ROWS_AT_ONCE = 50_000


def _link(name: str) -> str:
    return f"https://news.example/2026/11/{name}-and-some-words-that-make-it-as-long-as-addresses-are"


def fill(db: Database, rows: int) -> None:
    """Give history so many links."""
    for start in range(0, rows, _ROWS_AT_ONCE):
        urls = json.dumps([_link(str(n)) for n in range(start, min(rows, start + _ROWS_AT_ONCE))])
        with db.atomic():
            db.execute(
                """INSERT INTO history (normalized_url, url, title, first_seen_ms, rules_version)
                SELECT value, value, 'A title of some words', 1, 1 FROM json_each(?)""",
                (urls,),
            )


class Work:
    """One transaction after the other, each with links that nobody has seen."""

    def __init__(self, db: Database, rows: int) -> None:
        self._db = db
        self._rows = rows
        self._made = 0
        self._source = sources.upsert(db, kind="feed", url="https://news.example/", now_ms=1)

    def _urls(self) -> list[str]:
        step = self._rows // _KEYS
        known = [_link(str(n * step + self._made % step)) for n in range(_KEYS - _NEW)]
        self._made += 1
        return [*known, *(_link(f"new-{self._made}-{n}") for n in range(_NEW))]

    def raw(self) -> float:
        """Return the seconds of the reference."""
        rows = [(url, url, "A title of some words", 1, 1) for url in self._urls()]
        start_s = time.process_time()
        with self._db.atomic():
            self._db.conn.executemany(
                """INSERT OR IGNORE INTO history (normalized_url, url, title, first_seen_ms, rules_version)
                VALUES (?, ?, ?, ?, ?)""",
                rows,
            )
        return time.process_time() - start_s

    def ours(self, *, only_new: bool) -> float:
        """Return the seconds of the store, for all links or those that a memory lets through."""
        urls = self._urls()
        shown = urls[-_NEW:] if only_new else urls
        candidates = [Candidate(key=url, url=url, title="A title of some words") for url in shown]
        start_s = time.process_time()
        with self._db.atomic():
            history.accept(self._db, SourceId(self._source), candidates, now_ms=2)
        return time.process_time() - start_s


def measure(work: Work, rounds: int) -> Found:
    """Take the CPU seconds of a transaction, for each way."""
    variants: dict[str, Callable[[], float]] = {
        "executemany": work.raw,
        "the store, all 256": lambda: work.ours(only_new=False),
        "the store, behind the memory": lambda: work.ours(only_new=True),
    }
    found: Found = {name: [] for name in variants}
    for counts, name in in_turn(list(variants), rounds):
        seconds = sum(variants[name]() for _ in range(_BATCHES)) / _BATCHES
        if counts:
            found[name].append(seconds)
    return found


@click.command()
@click.option("--rounds", default=9, show_default=True)
@click.option("--rows", default=1_000_000, show_default=True, help="Links in history.")
def main(rounds: int, rows: int) -> None:
    """Measure, and print what came out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        db = open_for_writing(path)
        migrate(db, path, now_ms=1)
        fill(db, rows)
        found = measure(Work(db, rows), rounds)
        db.close()
    click.echo(f"{rounds} rounds of {_BATCHES} transactions, {rows} links in history")
    show_seconds(found)
    reference = found["executemany"]
    show_ratio("P7 all 256 keys / executemany (1.5)", found["the store, all 256"], reference)
    show_ratio("P7 behind the memory / executemany (1.5)", found["the store, behind the memory"], reference)


if __name__ == "__main__":
    main()
