"""`python -m bench.finding`: what it costs to find links by their words, with a long history.

CPU seconds of a search, in the index and by LIKE, and of bringing a link into the index.
"""

import json
import random
import tempfile
import time
from itertools import accumulate
from pathlib import Path

import click
from sqlite_utils import Database

from core.searching import search_words
from store import finding
from store.connection import open_for_writing
from store.migrations import migrate

_ROWS_AT_ONCE = 20_000
_VOCABULARY = 50_000
_LIKE = """SELECT id FROM history WHERE first_seen_ms >= 1 AND (
    title LIKE :text OR url LIKE :text OR summary LIKE :text OR page LIKE :text) ORDER BY id DESC LIMIT 10"""


def vocabulary() -> list[str]:
    """Return words of two to four syllables, the most frequent first."""
    rng = random.Random(2)
    syllables = [consonant + vowel for consonant in "bcdfghklmnprstvz" for vowel in "aeiou"]
    made = {"".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(2 * _VOCABULARY)}
    return rng.sample(sorted(made), _VOCABULARY)


def fill(db: Database, rows: int) -> None:
    """Give history so many links, with words as rare and as frequent as those of a language."""
    rng = random.Random(1)
    words = vocabulary()
    weights = list(accumulate(1 / (number + 1) for number in range(_VOCABULARY)))
    for start in range(0, rows, _ROWS_AT_ONCE):
        links = []
        for number in range(start, min(rows, start + _ROWS_AT_ONCE)):
            said = rng.choices(words, cum_weights=weights, k=35)
            url = f"https://news.example/2026/11/{number}-{'-'.join(said[:5])}"
            links.append([url, " ".join(said[:10]), f"<p>{' '.join(said[10:])}</p>"])
        with db.atomic():
            db.execute(
                """INSERT INTO history (normalized_url, url, title, summary, first_seen_ms, rules_version)
                SELECT json_extract(value, '$[0]'), json_extract(value, '$[0]'), json_extract(value, '$[1]'),
                    json_extract(value, '$[2]'), 1, 1 FROM json_each(?)""",
                (json.dumps(links),),
            )


def index_all(db: Database) -> float:
    """Bring everything into the index; return the seconds."""
    start_s = time.process_time()
    more = True
    while more:
        with db.atomic():
            more = finding.index(db, since_ms=0)
    return time.process_time() - start_s


@click.command()
@click.option("--rows", default=1_000_000, show_default=True, help="Links in history.")
def main(rows: int) -> None:
    """Measure, and print what came out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        db = open_for_writing(path)
        migrate(db, path, now_ms=1)
        db.execute("PRAGMA synchronous = OFF")
        fill(db, rows)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = path.stat().st_size
        seconds = index_all(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = path.stat().st_size - before
        click.echo(
            f"{rows} links, {before / 2**20:.0f} MiB: into the index {seconds / rows * 1e6:.1f} us and "
            f"{size / rows:.0f} bytes each"
        )
        known = vocabulary()
        often, rare = known[0], known[40_000]
        queries = (often, f"{often} {known[1]}", rare, f"{often} {rare}", often[:4], "xyzzy", "ba")
        for text in queries:
            for scope in (None, (1,)):
                start_s = time.process_time()
                found = finding.find(db, search_words(text), scope=scope, since_ms=0, limit=10)
                spent_s = time.process_time() - start_s
                who = "all chats" if scope is None else "one chat"
                click.echo(f"{text:22} {who:10} {len(found.links):3} links {spent_s * 1000:9.2f} ms")
        for text in (often, rare, "xyzzy"):
            start_s = time.process_time()
            db.execute(_LIKE, {"text": f"%{text}%"}).fetchall()
            click.echo(f"{text:22} by LIKE {(time.process_time() - start_s) * 1000:9.2f} ms")
        db.close()


if __name__ == "__main__":
    main()
