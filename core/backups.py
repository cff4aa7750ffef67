"""Names of backups, which of them are kept, and when the next one is due."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_STAMP = "%Y%m%dT%H%M%SZ"
_RETRY_MS = 3_600_000


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
    """Return the backups that are too old to be kept; of other files nothing is said."""
    ours = sorted((name for name in names if taken_ms(database, name) is not None), reverse=True)
    return ours[keep:]


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
