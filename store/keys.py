"""Keys of links under newer rules: what was one link before, and what falls together now."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlite_utils import Database

from core.urls.normalize import RULES_VERSION, RefusedUrl, normalize
from store import facts, links
from store.migrations import back_up

_BATCH = 500
"""Rows of one transaction."""
_EXAMPLES = 20
_FACT = "rules_version"
"""Under which rules all keys are; absent in a database that was never looked through."""


class Normalize(Protocol):
    """Rules by which an address gets its key."""

    def __call__(self, url: str, *, fragments: bool) -> str:
        """Return the key of an address; `fragments` tell entries apart where the key has one already."""
        ...


def present_rules(url: str, *, fragments: bool) -> str:
    """Return the key that a link has by the rules of this program.

    Raises:
        RefusedUrl: it is no link to the web.
    """
    return normalize(url, fragments=fragments)


@dataclass(slots=True)
class Renewed:
    """What newer rules changed."""

    looked_at: int = 0
    changed: int = 0
    """Links with another key than before."""
    merged: int = 0
    refused: int = 0
    """Rows with an address that the newer rules refuse; they keep their key."""
    examples: list[tuple[str, str]] = field(default_factory=list)
    """Some of the keys that turned out to be one."""


def outdated(db: Database, *, version: int = RULES_VERSION) -> int:
    """Return how many links have a key of older rules."""
    if facts.get(db, _FACT) == str(version):
        return 0
    return int(db.execute("SELECT COUNT(*) FROM history WHERE rules_version < ?", (version,)).fetchone()[0])


def bring_up_to_date(db: Database, path: Path, *, now_ms: int) -> Renewed | None:
    """Renew keys where there are older ones, a backup before; None where there is nothing to do."""
    if not outdated(db):
        if facts.get(db, _FACT) != str(RULES_VERSION):  # so that nobody has to count again
            facts.put(db, _FACT, str(RULES_VERSION))
        return None
    back_up_before_renewal(db, path)
    return renew(db, now_ms=now_ms, advance=lambda _: None)


def back_up_before_renewal(db: Database, path: Path) -> Path:
    """Keep the file as it was before newer rules; a renewal that goes on keeps the first copy."""
    copy = path.with_name(f"{path.name}.before-rules-{RULES_VERSION}")
    if not copy.exists():
        back_up(db, copy)
    return copy


def renew(
    db: Database,
    *,
    now_ms: int,
    advance: Callable[[int], None],
    normalized: Normalize = present_rules,
    version: int = RULES_VERSION,
) -> Renewed:
    """Give every link the key of the present rules, and merge those that fall together.

    It works in transactions of its own and may be interrupted: the next call goes on from there.

    Args:
        db: The only connection that writes.
        now_ms: Wall clock.
        advance: Is told how many rows each step looked at.
        normalized: The rules.
        version: Their version.
    """
    work = _Renewal(db, Renewed(), normalized, version, now_ms)
    for rows in _pages(db, f"history WHERE rules_version < {version:d}", "id", 0):
        with db.atomic():
            for row in rows:
                work.renew(row["id"])
        advance(len(rows))
    for aliases in _pages(db, "aliases WHERE true", "normalized_url", ""):
        with db.atomic():
            for alias in aliases:
                work.renew_alias(alias)
    with db.atomic():
        facts.put(db, _FACT, str(version))
    return work.done


def _pages(db: Database, rows_of: str, key: str, first: int | str) -> Iterator[list[sqlite3.Row]]:
    """Yield the rows of a table in the order of their key, some at a time."""
    last = first
    while rows := db.execute(
        f"SELECT * FROM {rows_of} AND {key} > ? ORDER BY {key} LIMIT {_BATCH}", (last,)
    ).fetchall():
        last = rows[-1][key]
        yield rows


@dataclass(frozen=True, slots=True)
class _Renewal:
    db: Database
    done: Renewed
    normalized: Normalize
    version: int
    now_ms: int

    def renew(self, row_id: int) -> None:
        """Bring one row's key up to date, and that of any row in its way."""
        row = self.db.execute("SELECT * FROM history WHERE id = ?", (row_id,)).fetchone()
        if row["rules_version"] >= self.version:
            return
        self.done.looked_at += 1
        key = self._key_of(row)
        self._set(row_id, "rules_version", self.version)
        if key is None:
            self.done.refused += 1
        if key in (None, row["normalized_url"]):
            return
        self.done.changed += row["merged_into"] is None
        holder = self.db.execute("SELECT * FROM history WHERE normalized_url = ?", (key,)).fetchone()
        if holder is None:
            self._take(row, key)
        elif self._owns_key(holder):
            self._join(row, holder["id"], key)
        else:
            self._set(holder["id"], "normalized_url", f"renewed:{holder['id']}")
            self._take(row, key)
            self.renew(holder["id"])

    def _owns_key(self, row: sqlite3.Row) -> bool:
        """Return whether a key is a row's own; one by older rules may mean another page by now."""
        if row["rules_version"] >= self.version and row["merged_into"] is None:
            return True
        return self._key_of(row) in (None, row["normalized_url"])

    def renew_alias(self, alias: sqlite3.Row) -> None:
        """Bring the key of an alias up to date."""
        old = alias["normalized_url"]
        key = self._by_rules(old, old)
        if key in (None, old):
            return
        self.db.execute("DELETE FROM aliases WHERE normalized_url = ?", (old,))
        there = self._led_to(key)
        if there is None:
            self.db.execute("INSERT INTO aliases VALUES (?, ?, ?)", (key, alias["history_id"], alias["kind"]))
        else:
            self._merge(alias["history_id"], there, old, key)

    def _take(self, row: sqlite3.Row, key: str) -> None:
        """Give a row a key that no other row has; an alias may have it."""
        alias = self.db.execute("SELECT history_id FROM aliases WHERE normalized_url = ?", (key,)).fetchone()
        self._set(row["id"], "normalized_url", key)
        if alias is not None:
            self._merge(row["id"], alias["history_id"], row["normalized_url"], key)

    def _join(self, row: sqlite3.Row, holder_id: int, key: str) -> None:
        """Merge a row with the one that has its new key; the one that is kept has it then."""
        if self._merge(row["id"], holder_id, row["normalized_url"], key) == row["id"]:
            links.swap_keys(self.db, row["id"], holder_id)

    def _merge(self, one: int, other: int, key: str, other_key: str) -> int:
        if links.standing_for(self.db, one) != links.standing_for(self.db, other):
            self.done.merged += 1
            if len(self.done.examples) < _EXAMPLES:
                self.done.examples.append((key, other_key))
        return links.merge(self.db, one, other, now_ms=self.now_ms)

    def _led_to(self, key: str) -> int | None:
        row = self.db.execute(
            """SELECT id FROM history WHERE normalized_url = :key
            UNION ALL SELECT history_id FROM aliases WHERE normalized_url = :key""",
            {"key": key},
        ).fetchone()
        return None if row is None else int(row["id"])

    def _key_of(self, row: sqlite3.Row) -> str | None:
        """Return a link's key by the present rules, of its address as given; None where they refuse that."""
        old: str = row["normalized_url"]
        return old if old.startswith("entry:") else self._by_rules(row["url"], old)

    def _by_rules(self, url: str, old: str) -> str | None:
        try:
            return self.normalized(url, fragments="#" in old)
        except RefusedUrl:
            return None

    def _set(self, row_id: int, column: str, value: object) -> None:
        self.db.execute(f"UPDATE history SET {column} = ? WHERE id = ?", (value, row_id))
