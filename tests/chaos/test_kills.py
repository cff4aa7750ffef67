"""Ends of every kind: right after a commit, right after Telegram took a message, at any moment."""

import random
import signal

import trio

from tests.chaos.lives import NAME, Changes, assert_kept, drawn_lives, follow, last_life, until
from tests.process.conftest import Loopback


async def test_kills_right_after_commits(loopback: Loopback) -> None:
    """Kill -9 within a millisecond or two of a commit: the log has just grown."""
    await follow(loopback)
    wanted: list[str] = []
    lives = drawn_lives(3, 3, 14)
    for commits in lives:
        wanted += loopback.web.publish("news", 3)
        async with loopback.program(OWNER_IDS="") as process:
            log = Changes(loopback.folder / f"{NAME}-wal")
            await until(lambda log=log, n=commits: log.reach(n), look_s=0.001)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
            assert await process.wait() == -signal.SIGKILL
    await last_life(loopback, wanted)
    await assert_kept(loopback, wanted, in_doubt=len(lives))


async def test_kills_and_stops_at_any_moment(loopback: Loopback) -> None:
    """Signals that come while the program starts, polls, sends, or is ending already."""
    await follow(loopback)
    rng = random.Random(8)
    wanted: list[str] = []
    lives = 2
    for life in range(lives):
        wanted += loopback.web.publish("news", 2)
        async with loopback.program(OWNER_IDS="") as process:
            await until((loopback.folder / f"{NAME}-wal").exists)
            await trio.sleep(rng.uniform(0, 1.5))
            process.send_signal(signal.SIGTERM)
            if life % 2:
                await trio.sleep(rng.uniform(0, 0.2))
                process.send_signal(signal.SIGKILL)
                await process.wait()
            else:
                assert await process.wait() in (0, -signal.SIGTERM), "heard, or before anything could hear it"
    await last_life(loopback, wanted)
    await assert_kept(loopback, wanted, in_doubt=lives)
