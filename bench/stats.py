"""`python -m bench.stats`: how long `/stats` takes with a million links in history, all of them posted (P13).

Wall time of what its handler does before it answers: the counts, read in a thread of the pool, and the words.
"""

import statistics
import tempfile
import time
from pathlib import Path

import click
import trio
from sqlite_utils import Database

import supervisor
from actors.telegram.commands.stats import stats_text
from bench.dedupe import fill
from bench.results import Result
from bench.rounds import Found, show_seconds
from cli.starting import now_ms, real_environment
from core.protocol import Place
from core.settings import Settings
from store import adding
from store.client import Store
from store.overview import overview

_CHAT = -1_001_000_000_000
_DAY_MS = 86_400_000
_TODAY = 1_000
_ONLY_LINKS, _ALL_POSTED = "links in history", "all of them posted"


def post_all(db: Database, at_ms: int) -> None:
    """Let one chat have received each link, the last thousand of them today."""
    wish = adding.Wish(place=Place(chat_id=_CHAT), kind="feed", url="https://all.example/", backlog="all")
    subscribed = adding.add(db, wish, now_ms=at_ms)
    db.execute(
        """INSERT INTO queue (chat_id, history_id, subscription_id, position, state, state_ms, message_id,
            created_ms)
        SELECT :chat, id, :subscription, id, 'sent',
            CASE WHEN id > (SELECT MAX(id) FROM history) - :today THEN :now ELSE :before END, id, :before
        FROM history ORDER BY id""",
        {
            "chat": _CHAT,
            "subscription": subscribed.subscription_id,
            "today": _TODAY,
            "now": at_ms,
            "before": at_ms - 2 * _DAY_MS,
        },
    )
    db.execute(
        """INSERT INTO verdicts (subscription_id, history_id, verdict, at_ms)
        SELECT ?, id, 'pass', ? FROM history""",
        (subscribed.subscription_id, at_ms),
    )


async def measure(folder: Path, rounds: int, rows: int) -> Found:
    """Take the seconds of each answer, the first of all among them: nothing is in SQLite's cache then."""
    env = real_environment(Settings.model_validate({"database_url": f"sqlite:///{folder / 'bench.db'}"}))
    found: Found = {}

    async with supervisor.storage(env) as (store, boot_id):
        await store.write(fill, rows)
        found[_ONLY_LINKS] = [await _answer_s(store, boot_id) for _ in range(rounds)]
        await store.write(post_all, now_ms())
        found[_ALL_POSTED] = [await _answer_s(store, boot_id) for _ in range(rounds)]
    return found


async def _answer_s(store: Store, boot_id: str) -> float:
    started_s = time.perf_counter()
    seen = await store.read(overview, boot_id=boot_id, now_ms=now_ms())
    stats_text(seen, free_bytes=None, now_ms=now_ms())
    return time.perf_counter() - started_s


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P13, with every link posted once; with links alone in the note."""
    with tempfile.TemporaryDirectory() as folder:
        found = trio.run(measure, Path(folder), rounds, 20_000 if quick else 1_000_000)
    alone_ms = statistics.median(found[_ONLY_LINKS]) * 1000
    note = f"wall time, with all links posted; with none posted {alone_ms:.1f} ms"
    return [Result(name="P13", ours=found[_ALL_POSTED], unit="ms", note=note)]


@click.command()
@click.option("--rounds", default=9, show_default=True)
@click.option("--rows", default=1_000_000, show_default=True, help="Links in history.")
def main(rounds: int, rows: int) -> None:
    """Measure, and print what came out."""
    with tempfile.TemporaryDirectory() as folder:
        found = trio.run(measure, Path(folder), rounds, rows)
    print(f"P13  /stats, {rows:,} links, {rounds} answers one after the other; wall time")
    show_seconds(found, unit="ms")


if __name__ == "__main__":
    main()
