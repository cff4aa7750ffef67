"""Opening the database for a look, beside a bot that runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from core.errors import UserError
from core.settings import Settings
from store.connection import open_for_reading
from store.migrations import recognise
from store.schema import MIGRATIONS


@contextmanager
def read_only(settings: Settings) -> Iterator[Database]:
    """Open the database read-only for the length of the block.

    Raises:
        DatabaseRefused: there is none, or it is not one that this version can read.
        UserError: it is from an older version and has not been migrated yet.
    """
    path = settings.database_path
    db = open_for_reading(path)
    try:
        if recognise(db, path) < len(MIGRATIONS):
            raise UserError(f"{path}: from an older version; `python run.py` brings it up to date")
        yield db
    finally:
        db.close()
