"""A headless Chromium, driven over a pipe (https://chromedevtools.github.io/devtools-protocol/)."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trio

PATIENCE_S = 60.0
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)
PIPES = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for end, number in zip(ends, (3, 4)):
    os.dup2(end, number)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser listens at file descriptor 3 and talks at 4, whatever numbers our pipes have."""


def find() -> str | None:
    """Where a Chromium is, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One page of the browser."""

    def __init__(self, commands: trio.abc.SendStream, answers: trio.abc.ReceiveStream) -> None:
        self._commands = commands
        self._answers = answers
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session: str | None = None

    async def ask(self, method: str, **values: Any) -> dict[str, Any]:
        """Send a command and return its result; events that come before it are left out."""
        number = next(self._numbers)
        wish = {"id": number, "method": method, "params": values}
        if self._session:
            wish["sessionId"] = self._session
        await self._commands.send_all(json.dumps(wish).encode() + b"\0")
        while True:
            answer = json.loads(await self._message())
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    async def open(self, url: str, *, width: int = 1280, height: int = 800, dark: bool = False) -> None:
        """Open an address in a window of this size, in pixels."""
        if self._session is None:
            target = await self.ask("Target.createTarget", url="about:blank")
            attached = await self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
            self._session = attached["sessionId"]
        await self.resize(width, height, dark=dark)
        await self.ask("Page.navigate", url=url)

    async def resize(self, width: int, height: int, *, dark: bool = False, zoom: float = 1.0) -> None:
        """Give the window another size, and choose what its owner prefers."""
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=zoom,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.ask("Emulation.setEmulatedMedia", features=[scheme])

    async def evaluate(self, expression: str) -> Any:
        """Return what an expression of the page is worth, awaited."""
        said = await self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    async def until(self, expression: str) -> None:
        """Wait until an expression of the page is true."""
        with trio.fail_after(PATIENCE_S):
            while not await self.evaluate(f"Boolean({expression})"):  # noqa: ASYNC110 - in another process
                await trio.sleep(0.1)

    async def picture(self, path: Path) -> None:
        """Write what the window shows as a PNG."""
        shot = await self.ask("Page.captureScreenshot", format="png")
        await trio.Path(path).write_bytes(base64.b64decode(shot["data"]))

    async def _message(self) -> bytes:
        while b"\0" not in self._rest:
            piece = await self._answers.receive_some()
            assert piece, "the browser is gone"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return message


@asynccontextmanager
async def browser(program: str, folder: Path) -> AsyncIterator[Page]:
    """Run the browser for the length of the block, with a profile of its own in `folder`."""
    commands, answers = os.pipe(), os.pipe()
    command = [
        *(sys.executable, "-c", PIPES, str(commands[0]), str(answers[1]), program),
        *FLAGS,
        f"--user-data-dir={folder}",
    ]
    process = await trio.lowlevel.open_process(
        command, pass_fds=(commands[0], answers[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(commands[0])
    os.close(answers[1])
    async with trio.lowlevel.FdStream(commands[1]) as send, trio.lowlevel.FdStream(answers[0]) as receive:
        page = Page(send, receive)
        try:
            yield page
        finally:
            with trio.move_on_after(10, shield=True) as scope:
                await send.send_all(json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
                await process.wait()
            if scope.cancelled_caught:
                process.kill()
                await process.wait()
