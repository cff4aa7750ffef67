"""A backup in a thread of its own, in whose middle the program ends."""

import random
import sqlite3
from pathlib import Path

import trio

import supervisor
from actors import backup
from actors.running import in_threads, inline
from core.settings import Settings
from supervisor import Environment


def _fill(database: Path) -> None:
    """Make a database of some 60 MB that takes a second or two to copy and compress."""
    with sqlite3.connect(database) as db:
        db.execute("CREATE TABLE junk AS SELECT randomblob(30000) AS b")
        for _ in range(11):
            db.execute("INSERT INTO junk SELECT randomblob(30000) FROM junk")
    db.close()


async def test_it_is_given_up_at_once_and_leaves_no_draft(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    settings = Settings.model_validate({"database_url": f"sqlite:///{database}"})
    env = Environment(
        settings=settings,
        now_ms=lambda: 1_800_000_000_000,
        clock=trio.current_time,
        rng=random.Random(1),
        run_write=inline,
        run_read=inline,
        announce=print,
    )

    async def send(_chat_id: int, _path: Path) -> bool:
        raise AssertionError

    def files(ending: str) -> list[Path]:
        return list(tmp_path.glob(f"*{ending}"))

    async with supervisor.storage(env) as (store, boot_id):
        await trio.to_thread.run_sync(_fill, database)
        ctx = supervisor.context_for(env, store, boot_id)
        with trio.fail_after(20):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(backup.run, ctx, in_threads(1), lambda _: None, send)
                while not files(".part"):  # noqa: ASYNC110 - a thread writes there
                    await trio.sleep(0.01)
                stopped_s = trio.current_time()
                nursery.cancel_scope.cancel()
            assert trio.current_time() - stopped_s < 3
    assert files(".part") == files(".gz") == []
