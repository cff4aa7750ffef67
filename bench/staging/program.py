"""The real program as a process, with a database that watches the sites already."""

import os
import random
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio
from sqlite_utils import Database

import supervisor
from actors.running import in_threads
from bench.staging.world import ALERTS_ID, OWNER_ID, PROBES_ID, TOKEN, World
from core.protocol import Place
from core.settings import Settings
from store import adding

ROOT = Path(__file__).resolve().parents[2]
SECOND_CHAT = 3
"""One source in so many is watched by a second chat."""


def settings(world: World, folder: Path, port: int) -> dict[str, str]:
    """Return the settings that are not the defaults."""
    return {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": f"http://127.0.0.1:{world.bot_port}",
        "OWNER_IDS": str(OWNER_ID),
        "DATABASE_URL": f"sqlite:///{folder / 'bot_database.db'}",
        "ALLOW_NETWORKS": "127.0.0.0/8",
        "ALERT_CHAT": str(ALERTS_ID),
        "PROBE_CHAT": str(PROBES_ID),
        "MONITOR_ADDRESS": f"127.0.0.1:{port}",
        "BACKUP_EVERY": "10m",
    }


def free_port() -> int:
    """Return a port at which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def watch(world: World, folder: Path) -> int:
    """Let the chats watch the sites, in a database that the program will find; how many subscriptions."""
    env = supervisor.Environment(
        settings=Settings.model_validate({"database_url": f"sqlite:///{folder / 'bot_database.db'}"}),
        now_ms=lambda: time.time_ns() // 1_000_000,
        clock=time.monotonic,
        rng=random.Random(1),
        run_write=in_threads(1),
        run_read=in_threads(1),
        announce=print,
    )
    async with supervisor.storage(env) as (store, _boot_id):
        return int(await store.write(_subscribe, world, env.now_ms()))


def _subscribe(db: Database, world: World, now_ms: int) -> int:
    made = 0
    for number, feed in enumerate(world.web):
        chats = [world.chats[number % len(world.chats)]]
        if number % SECOND_CHAT == 0:
            chats.append(world.chats[(number * 7 + 1) % len(world.chats)])
        for chat_id in dict.fromkeys(chats):
            kind = "sitemap" if feed.form == "sitemap" else "feed"
            chat = world.api.chats[chat_id]
            wish = adding.Wish(
                place=Place(chat_id=chat_id),
                kind=kind,
                url=feed.url,
                backlog="none",
                chat_type=chat.kind,
                chat_title=chat.title,
            )
            adding.add(db, wish, now_ms=now_ms)
            made += 1
    return made


@asynccontextmanager
async def running(env: dict[str, str], folder: Path) -> AsyncIterator[trio.Process]:
    """Run the bot for the length of the block; it is killed if it still lives then."""
    with (folder / "output").open("ab") as output:
        process = await trio.lowlevel.open_process(
            [sys.executable, str(ROOT / "run.py")],
            cwd=folder,
            env={**os.environ, **env},
            stdout=output,
            stderr=output,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            with trio.CancelScope(shield=True):
                await process.wait()


async def stop(process: trio.Process) -> tuple[float, int]:
    """Ask it to end; seconds until it did, and its exit code. One that ended before took no time."""
    asked_s = time.monotonic()
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    code = await process.wait()
    return time.monotonic() - asked_s, code


async def check(env: dict[str, str], folder: Path) -> list[str]:
    """Let the doctor look at what is left; what it says that is not fine, and its last line."""
    done = await trio.run_process(
        [sys.executable, str(ROOT / "run.py"), "check"],
        cwd=folder,
        env={**os.environ, **env},
        capture_stdout=True,
        check=False,
    )
    lines = done.stdout.decode().splitlines()
    return [line for line in lines[:-1] if not line.startswith("ok")] + lines[-1:]
