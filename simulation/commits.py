"""How many transactions have changed a database: SQLite itself keeps count."""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_CHANGES = struct.Struct("=I")
_OFFSET = 8
"""Of iChange in the header of the wal-index (https://sqlite.org/walformat.html, section 2.1)."""


@contextmanager
def commits(database: Path) -> Iterator[Callable[[], int]]:
    """Give a function that returns how many commits have changed an open database in WAL mode.

    One that changed nothing is none. Leave the block only when no connection of this process is open any
    more where others must not write: closing the file gives up locks that SQLite holds on it.
    """
    index = os.open(f"{database}-shm", os.O_RDONLY)
    try:
        yield lambda: int(_CHANGES.unpack(os.pread(index, _CHANGES.size, _OFFSET))[0])
    finally:
        os.close(index)
