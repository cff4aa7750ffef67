"""What a disk may hold after a loss of power: all that was synced, and any part of what was not.

The writer runs SQLite with a write-ahead log and `synchronous=FULL` (sqlite.org/wal.html, and the page of
its pragmas): a commit returns when its frames are synced, a checkpoint syncs the log before it writes to the
database, and the database before the log may be begun anew. So what is at risk at any moment is what a single
piece of work wrote, a commit or a checkpoint: of its sectors each may be as before, as after, or noise, and
the file may end anywhere in them. What was there before is left alone (sqlite.org/psow.html).
"""

import random
from dataclasses import dataclass
from pathlib import Path

_SECTOR_BYTES = 512
_HEADER_BYTES = 32
"""Of a log (sqlite.org/fileformat2.html, 4.1)."""
_HEADER_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A database and its log, as they lie on a disk."""

    database: bytes
    log: bytes

    @classmethod
    def read(cls, database: Path) -> "Disk":
        """Read both; a log that is not there is empty."""
        log = _log_of(database)
        return cls(database=database.read_bytes(), log=log.read_bytes() if log.exists() else b"")

    def write(self, database: Path) -> None:
        """Put both where nothing is yet."""
        database.write_bytes(self.database)
        _log_of(database).write_bytes(self.log)


def after_power_loss(before: Disk, after: Disk, rng: random.Random) -> Disk:
    """Return what a disk may hold when the power fails during the work between two synced states.

    While the database is written (a checkpoint), the log is as it was.
    """
    if before.database != after.database:
        return Disk(database=_torn(before.database, after.database, rng), log=before.log)
    return Disk(database=before.database, log=_torn_log(before.log, after.log, rng))


def _torn_log(before: bytes, after: bytes, rng: random.Random) -> bytes:
    """Mix two states of a log. The header of one that is begun anew is synced before anything follows it."""
    header = after[:_HEADER_BYTES]
    if header and header != before[:_HEADER_BYTES]:
        with_header = header + before[_HEADER_BYTES:]
        if rng.random() < _HEADER_SHARE:
            return _torn(before, with_header, rng)
        before = with_header
    return _torn(before, after, rng)


def _torn(before: bytes, after: bytes, rng: random.Random) -> bytes:
    """Mix two states of a file, sector by sector."""
    arrived = rng.random()
    mixed = bytearray()
    for start in range(0, max(len(before), len(after)), _SECTOR_BYTES):
        old, new = before[start : start + _SECTOR_BYTES], after[start : start + _SECTOR_BYTES]
        if old == new or not new:
            mixed += old
        elif rng.random() < arrived:
            mixed += new
        else:
            mixed += rng.choice((old.ljust(len(new), b"\0"), _noise(old, new, rng)))
    return bytes(mixed[: rng.randint(min(len(before), len(mixed)), len(mixed))])


def _noise(old: bytes, new: bytes, rng: random.Random) -> bytes:
    """Return a sector with noise in place of what was to change, and nowhere else."""
    noise = bytearray(rng.randbytes(len(new)))
    for at, (was, will_be) in enumerate(zip(old, new, strict=False)):
        if was == will_be:
            noise[at] = was
    return bytes(noise)


def _log_of(database: Path) -> Path:
    return database.with_name(database.name + "-wal")
