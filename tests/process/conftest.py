"""Real processes against simulated servers on loopback."""

import contextlib
import io
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
import trio

from cli.logs import set_up
from cli.main import main
from simulation.botapi import BotApi, Chat, Limits
from simulation.feeds import FeedWorld
from simulation.http import serve

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "7654321:AAF-a-token-that-must-not-be-seen"
OWNER_ID = 1001
CHANNEL_ID = -1001000000001


@dataclass(frozen=True)
class Done:
    """What a command said, and its exit code."""

    returncode: int
    stdout: bytes
    stderr: bytes


def _run_command(words: tuple[str, ...], env: dict[str, str], folder: Path) -> Done:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        patch.dict(os.environ, env, clear=True),
        patch.object(sys, "argv", ["run.py", *words]),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            set_up(level="DEBUG", style="console", secrets=())
    return Done(code, out.getvalue().encode(), err.getvalue().encode())


@dataclass
class Loopback:
    """A Bot API and a web on real sockets, and a folder for the program."""

    folder: Path
    api: BotApi
    web: FeedWorld
    bot_port: int
    web_port: int
    said: bytearray = field(default_factory=bytearray)
    through: tuple[str, ...] = ()
    """Words before the command line of the program: something that runs it in surroundings of its own."""

    def settings(self, **changes: str) -> dict[str, str]:
        own = {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": f"http://127.0.0.1:{self.bot_port}",
            "OWNER_IDS": str(OWNER_ID),
            "INTERVAL_MIN": "1s",
            "INTERVAL_DEFAULT": "1s",
            "CHAT_GAP": "0s",
            "HTTP_HOST_GAP": "0s",
            "ALLOW_NETWORKS": "127.0.0.0/8",
            "LOG_LEVEL": "DEBUG",
            "MONITOR_ADDRESS": "",
            "BACKUP_EVERY": "0",
        }
        return {**os.environ, **own, **changes}

    async def command(self, *words: str, **changes: str) -> Done:
        """Run a command to its end, in a thread: a process of its own would import aiogram each time."""
        done = await trio.to_thread.run_sync(_run_command, words, self.settings(**changes), self.folder)
        self.said += done.stdout + done.stderr
        return done

    @asynccontextmanager
    async def program(
        self, *words: str, measured: bool = False, **changes: str
    ) -> AsyncIterator[trio.Process]:
        """Run the bot for the length of the block; it is killed if it still lives then.

        Coverage is `measured` only where asked for: it more than doubles the seconds a start takes.
        """
        env = self.settings(**changes)
        if not measured:
            env = {name: value for name, value in env.items() if not name.startswith("COVERAGE_PROCESS")}
        with (self.folder / "output").open("ab") as output:
            process = await trio.lowlevel.open_process(
                [*self.through, sys.executable, str(ROOT / "run.py"), *words],
                cwd=self.folder,
                env=env,
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
