"""When a database is looked through for damage: that reads all of it, a second or more for each gigabyte."""

import sqlite3

from sqlite_utils import Database

from store import facts

_FACT = "looked_through_ms"
_EVERY_MS = 24 * 3_600_000


def must_be_looked_through(db: Database, *, now_ms: int) -> bool:
    """Return whether a file may be damaged: one that is new to us, or that a process left without closing it.

    Any other one has been looked through in the last 24 hours, and everything that wrote to it since has
    ended in order. Disks that lose what they hold show it also at the daily look, at a backup, and where the
    damage is met.
    """
    try:
        said = facts.get(db, _FACT)
        processes, left_open = db.execute(
            "SELECT COUNT(*), TOTAL(ended_ms IS NULL) FROM processes"
        ).fetchone()
    except sqlite3.DatabaseError:  # another program's, or so damaged that this cannot be asked
        return True
    sound = said is not None and 0 <= now_ms - int(said) < _EVERY_MS
    return not sound or not processes or bool(left_open)


def note_looked_through(db: Database, *, now_ms: int) -> None:
    """Remember that no damage was found."""
    facts.put(db, _FACT, str(now_ms))
