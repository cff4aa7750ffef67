"""Names of backups, which of them are kept, and when the next one is due."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_STAMP = "%Y%m%dT%H%M%SZ"
_RETRY_MS = 3_600_000
_DAY_MS = 86_400_000

DRAFT = ".part"
"""Ends the name of what is not a backup yet."""


def name_of(database: str, *, now_ms: int) -> str:
    """Return the name of a backup of this database (a file name) that is taken now."""
    at = datetime.fromtimestamp(now_ms // 1000, tz=UTC)
    return f"{database}.backup-{at.strftime(_STAMP)}.gz"


def taken_ms(database: str, name: str) -> int | None:
    """Return when a backup was taken by its name; None: this is no backup of this database."""
    match = re.fullmatch(re.escape(database) + r"\.backup-(\d{8}T\d{6}Z)\.gz", name)
    if match is None:
        return None
    try:
        return round(datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return None


def to_remove(database: str, names: Iterable[str], *, keep: int) -> list[str]:
    """Return the backups that are too old to be kept, and drafts of a day before the newest one.

    Of other files nothing is said.
    """
    found = list(names)
    ours = sorted((name for name in found if taken_ms(database, name) is not None), reverse=True)
    newest_ms = (taken_ms(database, ours[0]) if ours else None) or 0
    left = [name for name in found if 0 < (_begun_ms(database, name) or 0) < newest_ms - _DAY_MS]
    return ours[keep:] + left


def _begun_ms(database: str, name: str) -> int | None:
    """Return when a draft of a backup was begun by its name; None: this is none."""
    if not name.endswith(DRAFT):
        return None
    return taken_ms(database, name.removesuffix(DRAFT).replace(".gz.gz", ".gz"))


def next_ms(
    database: str, names: Iterable[str], *, every_s: float, failed_ms: int | None, now_ms: int
) -> int:
    """Return when the next backup is due; one that failed is tried again after an hour at the latest.

    Names from the future, of a clock that was wrong, count for nothing.
    """
    taken = [at for name in names if (at := taken_ms(database, name)) is not None and at <= now_ms]
    due_ms = max(taken) + round(every_s * 1000) if taken else now_ms
    if failed_ms is None or failed_ms > now_ms:
        return due_ms
    return max(due_ms, failed_ms + min(_RETRY_MS, round(every_s * 1000)))
