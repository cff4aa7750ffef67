"""Lists that wait to be taken, one after the other: a restart goes on with them."""

from sqlite_utils import Database

from core.import_request import ListJob


def put(db: Database, job: ListJob, *, now_ms: int) -> None:
    """Let a list wait for its turn."""
    db.execute("INSERT INTO imports (args, asked_ms) VALUES (?, ?)", (job.write(), now_ms))


def first(db: Database) -> tuple[int, ListJob] | None:
    """Return the list whose turn it is, with the number of its row; None where none waits."""
    row = db.execute("SELECT id, args FROM imports ORDER BY id LIMIT 1").fetchone()
    return None if row is None else (int(row["id"]), ListJob.read(row["args"]))


def done(db: Database, number: int) -> None:
    """Forget a list that was taken, or cannot be."""
    db.execute("DELETE FROM imports WHERE id = ?", (number,))
