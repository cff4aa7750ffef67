"""Duplicates, and what was caught of repeats."""

from typing import TYPE_CHECKING

from store import repeats
from store.repeats import Caught

if TYPE_CHECKING:
    from tests.store.conftest import Bench

DAY_MS = 86_400_000


def test_what_was_caught_and_when(bench: "Bench") -> None:
    one, two = bench.watch("one"), bench.watch("two")
    bench.poll(one, *"abc")
    bench.poll(two, "a", "b")
    found = repeats.count(bench.db, now_ms=bench.now_ms)
    assert (found.same_key, found.same_place, found.looked_at) == (0, 0, 3)
    assert found.today == found.week == found.ever == Caught(repeats=2, merged=0)
    bench.now_ms += 2 * DAY_MS
    bench.poll(two, "c")
    bench.db.execute("UPDATE history SET merged_into = 1 WHERE id = 2")
    bench.db.execute("INSERT INTO aliases VALUES ('https://links.example/z', 1, 'redirect')")
    found = repeats.count(bench.db, now_ms=bench.now_ms)
    assert found.today == Caught(repeats=1, merged=0)
    assert found.week == found.ever == Caught(repeats=3, merged=1)
    assert found.aliases == 1
    later = repeats.count(bench.db, now_ms=bench.now_ms + 30 * DAY_MS)
    assert later.week == Caught(repeats=0, merged=0)


def test_duplicates_would_be_seen(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    bench.db.execute("PRAGMA writable_schema = ON")
    bench.db.execute(
        """UPDATE sqlite_master SET sql = replace(sql, 'UNIQUE (chat_id, scope, history_id, edition)',
            'CHECK (1)') WHERE name = 'queue'"""
    )
    bench.db.execute("DELETE FROM sqlite_master WHERE name = 'sqlite_autoindex_queue_1'")
    bench.db.execute("PRAGMA writable_schema = RESET")
    bench.db.execute("UPDATE queue SET history_id = 1")
    found = repeats.count(bench.db, now_ms=bench.now_ms)
    assert (found.same_key, found.same_place) == (0, 1)
