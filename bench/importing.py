"""`python -m bench.importing`: how long the event loop is held up while a list of 5 MB is imported.

Wall time between two turns of a task that only sleeps, in the process that downloads the file from a
simulated Telegram, reads it and subscribes a chat to all of it. So long others wait for their turn, at most.
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import trio

import supervisor
from actors.telegram.lists import Lists
from actors.telegram.session import HttpxSession
from bench.gaps import longest_gap_s
from cli.garbage import spare_what_stays
from cli.logs import set_up
from cli.starting import real_environment
from core.import_request import ListJob
from core.settings import Settings
from simulation.botapi import BotApi, Limits
from simulation.http import serve
from store import imports

TOKEN = "1000000:a-token-that-opens-only-a-simulation"
_PROMISED_MS = 100.0
_OWNER = 1001
_FOLDERS = 200
_DONE_EVERY_S = 0.05


def opml(size_bytes: int) -> tuple[bytes, int]:
    """Return a list of about so many bytes, in folders, and how many feeds it names."""
    line = (
        '<outline type="rss" text="Site {n}: news, notes and more" title="Site {n}: news, notes and more" '
        'xmlUrl="https://www.site-{n}.example/news/feed.xml" htmlUrl="https://www.site-{n}.example/news"/>\n'
    )
    count = size_bytes // len(line.format(n=12_345))
    numbers = iter(range(count))
    inside = [
        f'<outline text="Folder {folder}">\n'
        + "".join(line.format(n=next(numbers)) for _ in range(len(range(folder, count, _FOLDERS))))
        + "</outline>\n"
        for folder in range(_FOLDERS)
    ]
    body = f'<?xml version="1.0"?>\n<opml version="2.0"><body>\n{"".join(inside)}</body></opml>'
    return body.encode(), count


async def _telegram(size_bytes: int) -> None:
    """Be Telegram, with the list; the port and the name of the file go to standard output."""
    api = BotApi(token=TOKEN, now=time.time, rng=random.Random(1), limits=Limits.off())
    api.people.user_says(_OWNER, _OWNER, "/start")
    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, api.handle)
        file_id = api.files.put("feeds.opml", opml(size_bytes)[0])["file_id"]
        print(port, file_id, flush=True)


@contextmanager
def _telegram_at(size_bytes: int) -> Iterator[tuple[str, str]]:
    code = f"import trio; from bench.importing import _telegram; trio.run(_telegram, {size_bytes})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port, file_id = process.stdout.readline().split()
        yield f"http://127.0.0.1:{port}", file_id
        process.kill()


async def imported(url: str, file_id: str, feeds: int) -> tuple[float, float]:
    """Import the list into an empty database; return the longest gap and how long that took, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.model_validate(
            {
                "bot_token": TOKEN,
                "bot_api_url": url,
                "owner_ids": str(_OWNER),
                "database_url": f"sqlite:///{Path(folder) / 'bench.db'}",
            }
        )
        env = real_environment(settings)
        async with supervisor.storage(env) as (store, boot_id), supervisor.telegram_bot(env) as bot:
            lists = Lists(supervisor.context_for(env, store, boot_id), bot)
            if isinstance(bot.session, HttpxSession):
                bot.session.prepare()  # as where the program has just started
            await bot.get_updates()  # so the list came, and a card answers it
            card = await bot.send_message(_OWNER, "Reading it.")

            async def take() -> None:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(lists.run)
                    await lists.put(_job(file_id, card.message_id))
                    while await store.read(imports.first) is not None:  # noqa: ASYNC110 - a row tells
                        await trio.sleep(_DONE_EVERY_S)
                    nursery.cancel_scope.cancel()

            began_s = time.monotonic()
            gap_s = await longest_gap_s(take)
            took_s = time.monotonic() - began_s
            found = await store.read(
                lambda db: db.execute("SELECT COUNT(*) FROM subscriptions").fetchone()[0]
            )
            if found != feeds:
                raise RuntimeError(f"{found} of {feeds} feeds were subscribed to")
    return gap_s, took_s


def _job(file_id: str, card_id: int) -> ListJob:
    return ListJob(
        file_id=file_id,
        card_chat_id=_OWNER,
        card_id=card_id,
        chat_id=_OWNER,
        topic_id=0,
        chat_type="private",
        chat_title="",
        interval_s=None,
        backlog="none",
        kind="",
        topic="",
    )


@click.command()
@click.option("--megabytes", default=5.0, show_default=True)
@click.option("--rounds", default=7, show_default=True)
def main(megabytes: float, rounds: int) -> None:
    """Measure, and print what came out."""
    set_up(level="WARNING", style="console", secrets=[TOKEN])
    size_bytes = round(megabytes * 1e6)
    _body, feeds = opml(size_bytes)
    spare_what_stays()  # as run.py does
    with _telegram_at(size_bytes) as (url, file_id):
        found = [trio.run(imported, url, file_id, feeds) for _ in range(rounds)]
    gaps_ms = sorted(gap_s * 1000 for gap_s, _ in found)
    took_s = statistics.median(took_s for _, took_s in found)
    verdict = "kept" if gaps_ms[-1] < _PROMISED_MS else "NOT KEPT"
    click.echo(
        f"{megabytes:g} MB with {feeds:,} feeds, imported within {took_s:.1f} s (median of {rounds}); "
        f"longest gap of the loop {statistics.median(gaps_ms):.1f} ms (median), {gaps_ms[-1]:.1f} ms (most); "
        f"limit {_PROMISED_MS:g} ms: {verdict}"
    )


if __name__ == "__main__":
    main()
