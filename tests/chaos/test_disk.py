"""A disk that fills up, and a log that may not grow."""

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import trio

from tests.chaos.lives import NAME, PATIENCE_S, assert_kept, follow, last_life, posted, settled, stop, until
from tests.process.conftest import Loopback

_BROKEN = 1
_LIMIT_BYTES = 48 * 1024
"""A few pages: less than a poll writes."""
_FILES = (NAME, f"{NAME}-wal")
_READER = f"""
import sqlite3, sys
db = sqlite3.connect("{NAME}", isolation_level=None, timeout=60)
db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
db.execute("BEGIN")
db.execute("SELECT COUNT(*) FROM sources").fetchall()
print("reading", flush=True)
sys.stdin.read()
"""


class SmallDisk:
    """A small file system, mounted on a folder in a namespace of its own.

    Attributes:
        through: Words that run a command in that namespace.
        inside: The folder, as it is seen from outside of the namespace. SQLite follows links by itself, and
            would not find it, so databases are read as copies.
    """

    def __init__(self, keeper_pid: int, folder: Path) -> None:
        there = (f"--target={keeper_pid}", f"--wd={folder}")
        self.through = ("nsenter", "--user", "--mount", "--preserve-credentials", *there)
        self.inside = Path(f"/proc/{keeper_pid}/root{folder}")

    @contextmanager
    def read(self) -> Iterator[None]:
        """Read the database all along: its log begins empty, and each commit makes it longer."""
        with subprocess.Popen(
            [*self.through, sys.executable, "-c", _READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as reader:
            try:
                assert reader.stdout is not None
                assert reader.stdout.readline() == b"reading\n"
                yield
            finally:
                reader.kill()

    def fill(self) -> None:
        """Leave no byte."""
        with (self.inside / "filler").open("wb", buffering=0) as filler:
            piece = bytes(4096)
            try:
                while filler.write(piece) == len(piece):
                    pass
            except OSError:
                return

    def clear(self) -> None:
        """Take that away again."""
        (self.inside / "filler").unlink()

    def copy_out(self, folder: Path) -> None:
        """Bring the database to a folder outside."""
        for name in _FILES:
            (folder / name).unlink(missing_ok=True)
            if (self.inside / name).exists():
                shutil.copyfile(self.inside / name, folder / name)


@contextmanager
def small_disk(folder: Path, *, mib: int) -> Iterator[SmallDisk]:
    """Mount a small file system on a folder; the test is skipped where that is not allowed."""
    words = f"mount -t tmpfs -o size={mib}m tmpfs '{folder}' && echo mounted && exec sleep 600"
    if shutil.which("unshare") is None or shutil.which("nsenter") is None:
        pytest.skip("there is neither unshare nor nsenter here, so no small file system can be mounted")
    with subprocess.Popen(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as keeper:
        try:
            assert keeper.stdout is not None
            assert keeper.stderr is not None
            if keeper.stdout.readline() != b"mounted\n":
                pytest.skip(f"no small file system can be mounted: {keeper.stderr.read().decode().strip()}")
            yield SmallDisk(keeper.pid, folder)
        finally:
            keeper.kill()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Mount 8 MiB. A fixture of its own, for what is skipped inside of a nursery loses its reason."""
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder, mib=8) as mounted:
        yield mounted


async def test_a_full_disk_stops_sending_until_there_is_room(disk: SmallDisk, loopback: Loopback) -> None:
    """Nothing is sent that could not be noted, and all of it is once there is room, without a restart."""
    await follow(loopback)
    copy = loopback.folder / "copy"
    copy.mkdir()
    shutil.copyfile(loopback.folder / NAME, disk.inside / NAME)

    def is_settled(links: list[str]) -> bool:
        disk.copy_out(copy)
        return settled(copy / NAME, links)

    async with replace(loopback, through=disk.through).program(OWNER_IDS="") as process:
        wanted = loopback.web.publish("news", 2)
        await until(lambda: is_settled(wanted))
        with disk.read():
            disk.fill()
            before = len(loopback.api.journal)
            wanted += loopback.web.publish("news", 2)
            output = loopback.folder / "output"
            await until(lambda: "the disk is full" in output.read_text())
            assert len(loopback.api.journal) == before, "sent without a note"
            disk.clear()
        await until(lambda: is_settled(wanted))
        await stop(process, signal.SIGTERM)
    disk.copy_out(copy)
    assert posted(loopback) == wanted
    await assert_kept(replace(loopback, folder=copy), wanted)


async def test_a_log_that_cannot_be_written_ends_the_program(loopback: Loopback) -> None:
    """A limit on the size of files is an error of the disk: the program says so; the next start goes on."""
    await follow(loopback)
    async with loopback.program(OWNER_IDS="", LOG_LEVEL="ERROR") as process:  # what it says is a file too
        wanted = loopback.web.publish("news", 2)
        await until(lambda: settled(loopback.folder / NAME, wanted))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_LIMIT_BYTES, _LIMIT_BYTES))
        wanted += loopback.web.publish("news", 3)
        with trio.fail_after(PATIENCE_S):
            assert await process.wait() == _BROKEN
    assert "the database cannot be written any more" in (loopback.folder / "output").read_text()
    await last_life(loopback, wanted)
    await assert_kept(loopback, wanted, in_doubt=1)
