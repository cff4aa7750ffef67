"""Logs of all tests go to the standard library, so that pytest captures them; files lie in memory."""

import os
import shutil
from pathlib import Path

import pytest

from cli.logs import set_up

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2**30


def pytest_configure() -> None:
    """Take memory for the folders of tests where there is some: they wait for no disk, at each commit.

    What is durable when the power goes is a matter of SQLite's; kills and crashes leave the same files here.
    """
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.fixture(autouse=True, scope="session")
def _plain_logs() -> None:
    set_up(level="DEBUG", style="console", secrets=())
