"""A database of the newest version, made once for all tests of a process: most are not about migrations."""

import tempfile
from functools import cache
from pathlib import Path

from store.connection import open_for_writing
from store.migrations import migrate


@cache
def migrated() -> bytes:
    """Return the file as it is after all migrations, empty and closed in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        db = open_for_writing(path)
        migrate(db, path, now_ms=0)
        db.close()
        return path.read_bytes()
