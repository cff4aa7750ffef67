"""Lives of the real program that end badly, and what must be true after them."""

import os
import random
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import trio

from simulation.feeds import Feed
from tests.process.conftest import CHANNEL_ID, Loopback

PATIENCE_S = 120
NAME = "bot_database.db"
_UNCLEAR = ("held", "uncertain")


async def follow(loopback: Loopback) -> Feed:
    """Let the channel follow a feed, and a first poll see what is there already."""
    base = f"http://127.0.0.1:{loopback.web_port}/news"
    feed = loopback.web.add(Feed(name="news", gap_s=None, first=3, base=base))
    added = await loopback.command("add", feed.url, "--chat", str(CHANNEL_ID), "--as", "feed")
    assert added.returncode == 0, added.stderr
    first = await loopback.command("once", "--no-publish")
    assert first.returncode == 0, first.stderr
    return feed


async def until(condition: Callable[[], bool], *, look_s: float = 0.05) -> None:
    """Wait for something outside of this process."""
    with trio.fail_after(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - another process makes it true
            await trio.sleep(look_s)


def posted(loopback: Loopback) -> list[str]:
    """Return the links of the channel's posts, in order, repetitions included."""
    return [message.links[0] for message in loopback.api.messages(CHANNEL_ID) if message.links]


def outbox(database: Path) -> dict[str, tuple[str, str | None]]:
    """Return the state of each link of the outbox, and its reason; nothing where it cannot be read now."""
    try:
        db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            rows = db.execute(
                "SELECT url, queue.state, reason FROM queue JOIN history ON history.id = history_id"
            ).fetchall()
        finally:
            db.close()
    except sqlite3.OperationalError:
        return {}
    return {url: (state, reason) for url, state, reason in rows}


def settled(database: Path, wanted: list[str]) -> bool:
    """Whether each of these links is sent or held."""
    rows = outbox(database)
    return all(rows.get(link, ("", None))[0] in ("sent", "held") for link in wanted)


async def stop(process: trio.Process, how: signal.Signals, *, code: int | None = None) -> None:
    """Send a signal, and wait for the exit code that belongs to it, or for `code`."""
    process.send_signal(how)
    expected = code if code is not None else (-how if how == signal.SIGKILL else 0)
    with trio.fail_after(PATIENCE_S):
        assert await process.wait() == expected


async def last_life(loopback: Loopback, wanted: list[str]) -> None:
    """Run the program undisturbed until everything wanted is sent or held, and end it in order."""
    async with loopback.program(OWNER_IDS="") as process:
        await until(lambda: settled(loopback.folder / NAME, wanted))
        await trio.sleep(1)  # in which nothing more may come
        await stop(process, signal.SIGTERM)


async def assert_kept(loopback: Loopback, wanted: list[str], *, in_doubt: int = 0) -> None:
    """Each link is there once, in order, or was in flight at a fault and is held visibly; all is sound.

    Args:
        loopback: The world.
        wanted: Every link that was published.
        in_doubt: So many links at most may be held because of a lost answer.
    """
    there, rows = posted(loopback), outbox(loopback.folder / NAME)
    held = [link for link in wanted if rows[link] == _UNCLEAR]
    assert len(there) == len(set(there)), "repeated"
    assert there == [link for link in wanted if link in there], "out of order, or not asked for"
    assert set(wanted) - set(there) <= set(held), "lost"
    assert {link for link in wanted if rows[link] == ("sent", None)} <= set(there), "not there"
    assert len(held) <= in_doubt, "more is in doubt than was in flight"
    checked = await loopback.command("check", "--offline", OWNER_IDS="")
    assert checked.returncode == 0, checked.stdout


class Changes:
    """Counts how often a file has changed since it was first looked at: a write-ahead log, at each commit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = self._look()
        self.count = 0

    def reach(self, count: int) -> bool:
        """Look once; return whether it has changed so often."""
        now = self._look()
        self.count += now != self._last
        self._last = now
        return self.count >= count

    def _look(self) -> tuple[int, int]:
        try:
            found = os.stat(self._path)  # noqa: PTH116 - looked at every millisecond
        except FileNotFoundError:
            return (0, 0)
        return (found.st_size, found.st_mtime_ns)


def drawn_lives(seed: int, count: int, most: int) -> list[int]:
    """Return after how many commits each life ends, by chance."""
    rng = random.Random(seed)
    return [rng.randint(1, most) for _ in range(count)]
