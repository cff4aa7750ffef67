"""Which processes worked with this database: leases belong to one of them, and die with it."""

from sqlite_utils import Database

from core.protocol import Owner


def begin(db: Database, *, boot_id: str, pid: int, now_ms: int) -> None:
    """Enter this process. Its caller owns the database alone, so all others have ended."""
    db.execute("UPDATE processes SET ended_ms = ? WHERE ended_ms IS NULL", (now_ms,))
    db.execute(
        "INSERT INTO processes (boot_id, pid, started_ms, heartbeat_ms) VALUES (?, ?, ?, ?)",
        (boot_id, pid, now_ms, now_ms),
    )


def beat(db: Database, *, boot_id: str, now_ms: int) -> None:
    """Say that this process lives."""
    db.execute("UPDATE processes SET heartbeat_ms = ? WHERE boot_id = ?", (now_ms, boot_id))


def end(db: Database, *, boot_id: str, now_ms: int) -> None:
    """Say that this process ends in order."""
    db.execute("UPDATE processes SET ended_ms = ? WHERE boot_id = ?", (now_ms, boot_id))


def is_dead(column: str) -> str:
    """Return SQL that tells whether the owner in a column is known dead.

    Its parameters are `:boot_id` and `:me`, from `parameters`. Dead is an owner whose process has
    ended, or an earlier incarnation of the asking actor in this very process.
    """
    return f"""({column} IS NOT NULL AND {column} <> :me AND (
        substr({column}, 1, instr({column}, '/') - 1) = :boot_id
        OR substr({column}, 1, instr({column}, '/') - 1)
           IN (SELECT boot_id FROM processes WHERE ended_ms IS NOT NULL)))"""


def parameters(owner: Owner) -> dict[str, str]:
    """Return the parameters of `is_dead`."""
    return {"boot_id": owner.boot_id, "me": str(owner)}
