"""Single facts about this database and bot: small named values."""

from secrets import token_hex

from sqlite_utils import Database


def get(db: Database, name: str) -> str | None:
    """Return a fact, or None."""
    row = db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def get_both(db: Database, first: str, second: str) -> tuple[str | None, str | None]:
    """Return two facts by one statement."""
    row = db.execute(
        "SELECT (SELECT value FROM facts WHERE name = ?), (SELECT value FROM facts WHERE name = ?)",
        (first, second),
    ).fetchone()
    return row[0], row[1]


def secret(db: Database, name: str) -> bytes:
    """Return a secret of this database, made when it is asked for the first time."""
    known = get(db, name)
    if known is None:
        known = token_hex(16)
        put(db, name, known)
    return bytes.fromhex(known)


def put(db: Database, name: str, value: str) -> None:
    """Store a fact in the place of an older one."""
    db.execute(
        "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def forget(db: Database, name: str) -> None:
    """Remove a fact, if it is there."""
    db.execute("DELETE FROM facts WHERE name = ?", (name,))
