"""Other programs at the same database."""

import signal
import sqlite3

from tests.chaos.lives import NAME, assert_kept, follow, posted, settled, stop, until
from tests.process.conftest import Loopback


async def test_a_database_locked_by_another_program_is_waited_for(loopback: Loopback) -> None:
    """Locked for longer than SQLite waits: nothing is sent without a note, and it goes on by itself."""
    await follow(loopback)
    async with loopback.program(OWNER_IDS="") as process:
        wanted = loopback.web.publish("news", 2)
        await until(lambda: settled(loopback.folder / NAME, wanted))
        other = sqlite3.connect(loopback.folder / NAME, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        before = len(loopback.api.journal)
        wanted += loopback.web.publish("news", 2)
        output = loopback.folder / "output"
        await until(lambda: "another program holds the database locked" in output.read_text())
        assert len(loopback.api.journal) == before, "sent without a note"
        other.execute("ROLLBACK")
        other.close()
        await until(lambda: settled(loopback.folder / NAME, wanted))
        await stop(process, signal.SIGTERM)
    assert posted(loopback) == wanted
    await assert_kept(loopback, wanted)
