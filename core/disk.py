"""When a disk is so full that somebody should be told, before writes fail."""

_RESERVE_BYTES = 300 * 2**20
_ENOUGH = 1.5
"""Times the limit: what must be free again before all is well, so that a card does not flicker."""


def is_low(*, free_bytes: int, database_bytes: int, was_low: bool) -> bool:
    """Return whether less is free than the database's size, which a backup needs for a while, and 300 MiB."""
    limit = _RESERVE_BYTES + database_bytes
    return free_bytes < (limit * _ENOUGH if was_low else limit)
