"""How many subscriptions somebody has added, all chats together, and how many they may.

It is counted in the transaction that adds. An address that is still looked behind takes its room when it is
asked for, so that what is found there need not be refused; a question that nobody has answered takes none.
Administrators who write as their group are one person here, under the id of the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from core.quotas import DEFAULT, Room
from store import people


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody without a role in any chat who has added something, or may add more or less than others."""

    user_id: int
    name: str
    added: int
    limit: int


def room_of(db: Database, user_id: int, *, owners: Sequence[int]) -> Room:
    """Return what somebody has added and may add; `owners` are those of the settings."""
    row = db.execute(
        """SELECT (SELECT COUNT(*) FROM subscriptions WHERE added_by = :id AND state <> 'removed')
            + (SELECT COUNT(*) FROM probes
                WHERE state = 'waiting' AND json_extract(wish, '$.added_by') = :id) AS used,
            COALESCE((SELECT quota FROM users WHERE id = :id), :usual) AS quota""",
        {"id": user_id, "usual": DEFAULT},
    ).fetchone()
    owns = user_id in people.owners(db, owners)
    return Room(user_id=user_id, used=row["used"], limit=None if owns else row["quota"])


def room_for(db: Database, user_id: int | None, *, owners: Sequence[int]) -> Room | None:
    """Return the same of who has a quota; None for owners and for None, the terminal: nothing is counted."""
    if user_id is None or user_id in people.owners(db, owners):
        return None
    return room_of(db, user_id, owners=owners)


def check(db: Database, user_id: int | None, *, owners: Sequence[int], count: int = 1) -> None:
    """Let pass who may add so many more.

    Raises:
        QuotaReached: somebody has not that much room left.
    """
    room = room_for(db, user_id, owners=owners)
    if room is not None and room.left is not None and room.left < count:
        raise room.refusal()


def put(db: Database, user_id: int, quota: int | None) -> None:
    """Let somebody add so many subscriptions from now on; None: as many as is usual.

    What they have beyond that stays.
    """
    db.execute(
        "INSERT INTO users (id, quota) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET quota = excluded.quota",
        (user_id, quota),
    )


def name_of(db: Database, user_id: int) -> str:
    """Return what a person or a group is called, as far as that is known."""
    row = db.execute(
        """SELECT COALESCE((SELECT NULLIF(name, '') FROM users WHERE id = :id),
            (SELECT title FROM chats WHERE chat_id = :id), '') AS name""",
        {"id": user_id},
    ).fetchone()
    return str(row["name"])


def without_role(db: Database, *, owners: Sequence[int]) -> list[Holder]:
    """Return who has added something, or has a quota of their own, and no role: administrators of groups."""
    rows = db.execute(
        """SELECT id AS user_id, COALESCE(SUM(added), 0) AS added,
            COALESCE((SELECT quota FROM users WHERE users.id = each.id), :usual) AS "limit"
        FROM (SELECT added_by AS id, COUNT(*) AS added FROM subscriptions
                WHERE added_by IS NOT NULL AND state <> 'removed' GROUP BY added_by
            UNION ALL SELECT id, 0 FROM users WHERE quota IS NOT NULL) AS each
        WHERE NOT EXISTS (SELECT 1 FROM members WHERE user_id = each.id)
        GROUP BY id ORDER BY id""",
        {"usual": DEFAULT},
    ).fetchall()
    known = people.owners(db, owners)
    return [
        Holder(name=name_of(db, row["user_id"]), **dict(row)) for row in rows if row["user_id"] not in known
    ]


def move(db: Database, *, old_id: int, new_id: int) -> None:
    """A group has a new id: what its anonymous administrators have added counts there. Safe to repeat."""
    db.execute("UPDATE subscriptions SET added_by = ? WHERE added_by = ?", (new_id, old_id))
    db.execute(
        """UPDATE probes SET wish = json_set(wish, '$.added_by', :new)
        WHERE json_extract(wish, '$.added_by') = :old""",
        {"new": new_id, "old": old_id},
    )
    db.execute(
        """INSERT INTO users (id, quota) SELECT :new, quota FROM users WHERE id = :old AND quota IS NOT NULL
        ON CONFLICT (id) DO UPDATE SET quota = excluded.quota""",
        {"new": new_id, "old": old_id},
    )
    db.execute("UPDATE users SET quota = NULL WHERE id = ?", (old_id,))
