"""Duplicates, of which there are none, and the repeats that were caught instead."""

from dataclasses import dataclass

from sqlite_utils import Database

_LOOKED_BACK = 1_000_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """What was caught since some moment.

    Attributes:
        repeats: Links that a second source brought to a chat that had them.
        merged: Links that turned out to be known under another address.
    """

    repeats: int
    merged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Duplicates among the newest million links and wishes, and what was caught.

    Attributes:
        same_key: Keys that several rows of `history` share.
        same_place: Links that a place has twice in the outbox, under one edition.
        looked_at: Among how many links.
        aliases: Further addresses that are known to lead to a link.
    """

    same_key: int
    same_place: int
    looked_at: int
    today: Caught
    week: Caught
    ever: Caught
    aliases: int


def count(db: Database, *, now_ms: int) -> Repeats:
    """Count duplicates, and what was caught in 24 hours, in 7 days, and ever; within about a second."""
    newest = _number(db, "SELECT COALESCE(MAX(id), 0) FROM history")
    return Repeats(
        same_key=_number(
            db,
            """SELECT COUNT(*) FROM (
                SELECT 1 FROM history WHERE id > ? GROUP BY normalized_url HAVING COUNT(*) > 1)""",
            newest - _LOOKED_BACK,
        ),
        same_place=_number(
            db,
            """SELECT COUNT(*) FROM (
                SELECT 1 FROM queue WHERE id > (SELECT MAX(id) FROM queue) - ?
                GROUP BY chat_id, scope, history_id, edition HAVING COUNT(*) > 1)""",
            _LOOKED_BACK,
        ),
        looked_at=min(newest, _LOOKED_BACK),
        today=_caught(db, since_ms=now_ms - _DAY_MS),
        week=_caught(db, since_ms=now_ms - 7 * _DAY_MS),
        ever=_caught(db, since_ms=0),
        aliases=_number(db, "SELECT COUNT(*) FROM aliases"),
    )


def _caught(db: Database, *, since_ms: int) -> Caught:
    return Caught(
        repeats=_number(
            db, "SELECT COUNT(*) FROM verdicts WHERE verdict = 'repeat' AND at_ms >= ?", since_ms
        ),
        merged=_number(
            db, "SELECT COUNT(*) FROM history WHERE merged_into IS NOT NULL AND first_seen_ms >= ?", since_ms
        ),
    )


def _number(db: Database, sql: str, *values: object) -> int:
    return int(db.execute(sql, values).fetchone()[0])
