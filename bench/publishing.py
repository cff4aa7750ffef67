"""`python -m bench.publishing`: what it costs to publish 1,000 posts to 100 chats (P14).

CPU seconds of this process, which owns the database and sends; Telegram is simulated by another one, with
its limits off. The reference is aiogram as it comes: `send_message` in a loop, of the same texts.
"""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import trio
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from sqlite_utils import Database

import supervisor
from actors import publisher
from actors.gallery import Gallery
from actors.telegram.messenger import TelegramMessenger
from bench.results import Result
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from cli.logs import set_up
from cli.starting import now_ms, real_environment
from core.protocol import HistoryId, Place
from core.settings import Settings
from simulation.botapi import BotApi, Chat, Limits
from simulation.http import serve
from store import chats, queue

TOKEN = "1000000:a-token-that-opens-only-a-simulation"
_CHATS, _LINKS = 100, 10
_FIRST_CHAT = -1_001_000_000_000
_BELOW = "A few words of what it says below, as many as most feeds give for an entry of theirs."


async def _telegram() -> None:
    """Be Telegram; the port goes to standard output."""
    api = BotApi(token=TOKEN, now=time.time, rng=random.Random(1), limits=Limits.off())
    for chat_id in _chat_ids():
        api.chats.add(Chat(chat_id=chat_id, kind="channel", title="Channel"))
    async with trio.open_nursery() as nursery:
        port = await nursery.start(serve, api.handle)
        print(port, flush=True)


@contextmanager
def telegram_at() -> Iterator[str]:
    """Run Telegram in another process; yields its address."""
    code = "import trio; from bench.publishing import _telegram; trio.run(_telegram)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def _chat_ids() -> list[int]:
    return [_FIRST_CHAT - n for n in range(_CHATS)]


def _url(number: int) -> str:
    return f"https://news.example/2026/11/a-story-of-some-words-{number}"


def fill(db: Database) -> None:
    """Let each chat wait for the same links."""
    with db.atomic():
        db.execute(
            """INSERT INTO history (normalized_url, url, title, summary, state, first_seen_ms, rules_version)
            SELECT value, value, 'A title of some words, no. ' || key, ?, 'ready', 1, 1 FROM json_each(?)""",
            (_BELOW, json.dumps([_url(n) for n in range(_LINKS)])),
        )
        links = [HistoryId(row[0]) for row in db.execute("SELECT id FROM history").fetchall()]
        for chat_id in _chat_ids():
            chats.ensure(db, chat_id, chat_type="channel")
            place = Place(chat_id=chat_id)
            queue.enqueue(
                db, place=place, scope=0, subscription_id=None, history_ids=links, hold=None, now_ms=now_ms()
            )


async def ours(url: str) -> float:
    """Return the CPU seconds of the publisher, the writer and what they send."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.model_validate(
            {
                "bot_token": TOKEN,
                "bot_api_url": url,
                "database_url": f"sqlite:///{Path(folder) / 'bench.db'}",
                "chat_gap": 0.0,
                "group_gap": 0.0,
                "global_rate": 0.0,
            }
        )
        env = real_environment(settings)
        async with (
            supervisor.storage(env) as (store, boot_id),
            supervisor.telegram_bot(env) as bot,
            supervisor.web(env) as web,
            env.open_reader() as reader,
        ):
            await store.write(fill)
            start_s = time.process_time()
            ctx = supervisor.context_for(env, store, boot_id)
            await publisher.publish_pending(ctx, TelegramMessenger(bot), Gallery(web, reader), patience_s=5.0)
            spent_s = time.process_time() - start_s
            sent = await store.read(lambda db: db.execute("SELECT COUNT(*) FROM posts").fetchone()[0])
            assert sent == _CHATS * _LINKS, sent
    return spent_s


async def bare(url: str) -> float:
    """Return the CPU seconds of the reference."""
    async with Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url))) as bot:
        start_s = time.process_time()
        for number in range(_LINKS):
            for chat_id in _chat_ids():
                await bot.send_message(
                    chat_id, f"A title of some words, no. {number}\n{_BELOW}\n{_url(number)}"
                )
        return time.process_time() - start_s


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P14; there is no quick look at it but fewer rounds."""
    del quick
    found = measure(rounds)
    return [Result(name="P14", ours=found["vestnik"], reference=found["aiogram's send_message"])]


def measure(rounds: int) -> Found:
    """Let both take turns; CPU seconds of a post."""
    set_up(level="INFO", style="console", secrets=[TOKEN])
    found: Found = {"vestnik": [], "aiogram's send_message": []}
    with telegram_at() as url:
        for counts, name in in_turn(list(found), rounds):
            spent_s = trio.run(ours, url) if name == "vestnik" else asyncio.run(bare(url))
            if counts:
                found[name].append(spent_s / (_CHATS * _LINKS))
    return found


@click.command()
@click.option("--rounds", default=7, show_default=True)
def main(rounds: int) -> None:
    """Measure, and print what came out."""
    found = measure(rounds)
    click.echo(f"{rounds} rounds of {_CHATS * _LINKS} posts to {_CHATS} chats, CPU for each")
    show_seconds(found)
    show_ratio("P14 vestnik / bare aiogram (2.0)", found["vestnik"], found["aiogram's send_message"])


if __name__ == "__main__":
    main()
