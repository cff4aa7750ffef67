"""What is counted on one screen."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.overview import first_since, overview, percentile

if TYPE_CHECKING:
    from tests.store.conftest import Bench

DAY_MS = 86_400_000


def test_an_empty_database(bench: "Bench") -> None:
    seen = overview(bench.db, boot_id="boot", now_ms=bench.now_ms)
    assert seen.sources == {}
    assert seen.failing == {"": 0}
    assert (seen.links, seen.day.links, seen.waiting, seen.oldest_ms) == (0, 0, 0, None)
    assert seen.delays_ms == []
    assert seen.database_bytes > 0


def test_a_day_and_a_week(bench: "Bench") -> None:
    source = bench.watch("one")
    other = bench.watch("two")
    bench.poll(source, "old")
    bench.now_ms += 3 * DAY_MS
    bench.poll(source, "old", "new")
    bench.poll(other, "new")
    bench.poll(bench.source("three"), status="failed", error="timeout")
    bench.db.execute("UPDATE queue SET state = 'sent', state_ms = created_ms + 9000")
    bench.now_ms += 10_000
    seen = overview(bench.db, boot_id="boot", now_ms=bench.now_ms)
    assert (seen.links, seen.week.links, seen.day.links) == (2, 2, 1)
    assert (seen.week.posted, seen.day.posted, seen.day.repeats) == (2, 1, 1)
    assert seen.failing == {"": 1, "timeout": 1}
    assert (seen.subscriptions, seen.paused, seen.chats) == (2, 0, 1)


@settings(max_examples=30)
@given(gaps=st.lists(st.integers(1, 50), max_size=12), ages=st.lists(st.integers(0, 9), max_size=12))
def test_the_first_link_since(gaps: list[int], ages: list[int], memory: "Bench") -> None:
    moments = [sum(ages[: place + 1]) for place in range(min(len(ages), len(gaps)))]
    memory.db.execute("DELETE FROM history")
    ids = [sum(gaps[: place + 1]) for place in range(len(moments))]
    for link, at_ms in zip(ids, moments, strict=True):
        memory.db.execute(
            """INSERT INTO history (id, normalized_url, url, first_seen_ms, rules_version)
            VALUES (?, ?, '', ?, 1)""",
            (link, str(link), at_ms),
        )
    for since_ms in range(12):
        found = first_since(memory.db, since_ms)
        assert [one for one in ids if one >= found] == [
            one for one, at_ms in zip(ids, moments, strict=True) if at_ms >= since_ms
        ]


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> "Bench":
    from store.connection import open_for_writing
    from store.migrations import migrate
    from tests.store.conftest import Bench

    path = tmp_path_factory.mktemp("overview") / "bot.db"
    db = open_for_writing(path)
    db.execute("PRAGMA synchronous = OFF")
    migrate(db, path, now_ms=1)
    return Bench(db, path)


def test_percentiles() -> None:
    assert [percentile([1, 2, 3, 4], share) for share in (0, 0.5, 0.95, 1)] == [1, 3, 4, 4]
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
