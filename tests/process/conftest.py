"""Real processes against simulated servers on loopback."""

import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import trio

from simulation.botapi import BotApi, Chat, Limits
from simulation.feeds import FeedWorld
from simulation.http import serve

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "7654321:AAF-a-token-that-must-not-be-seen"
OWNER_ID = 1001
CHANNEL_ID = -1001000000001


@dataclass
class Loopback:
    """A Bot API and a web on real sockets, and a folder for the program."""

    folder: Path
    api: BotApi
    web: FeedWorld
    bot_port: int
    web_port: int
    said: bytearray = field(default_factory=bytearray)

    def settings(self, **changes: str) -> dict[str, str]:
        own = {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"http://127.0.0.1:{self.bot_port}",
            "OWNER_IDS": str(OWNER_ID),
            "INTERVAL_MIN": "1s",
            "INTERVAL_DEFAULT": "1s",
            "CHAT_GAP": "0s",
            "ALLOW_NETWORKS": "127.0.0.0/8",
            "LOG_LEVEL": "DEBUG",
        }
        return {**os.environ, **own, **changes}

    async def command(self, *words: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end."""
        done = await trio.run_process(
            [sys.executable, str(ROOT / "run.py"), *words],
            cwd=self.folder,
            env=self.settings(**changes),
            capture_stdout=True,
            capture_stderr=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        return done

    @asynccontextmanager
    async def program(self, **changes: str) -> AsyncIterator[trio.Process]:
        """Run the bot for the length of the block; it is killed if it still lives then."""
        with (self.folder / "output").open("ab") as output:
            process = await trio.lowlevel.open_process(
                [sys.executable, str(ROOT / "run.py")],
                cwd=self.folder,
                env=self.settings(**changes),
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


@pytest.fixture
async def loopback(tmp_path: Path, nursery: trio.Nursery) -> Loopback:
    rng = random.Random(11)
    api = BotApi(token=TOKEN, now=time.time, rng=rng, limits=Limits.off())
    api.people.private(OWNER_ID)
    api.chats.add(Chat(chat_id=CHANNEL_ID, kind="channel", title="Channel"))
    web = FeedWorld(rng=rng, now=time.time)
    bot_port = await nursery.start(partial(serve, api.handle))
    web_port = await nursery.start(partial(serve, web.handle))
    return Loopback(tmp_path, api, web, bot_port, web_port)
