"""What there is to do for the janitor."""

from typing import TYPE_CHECKING

from store import brake, chores, finding, pausing, watchdogs
from store.chores import Chores

if TYPE_CHECKING:
    from tests.store.conftest import Bench

HOUR_MS = 3_600_000


def found(bench: "Bench") -> Chores:
    while finding.is_behind(bench.db):
        finding.index(bench.db, since_ms=0)
    return chores.waiting(bench.db, now_ms=bench.now_ms)


def test_nothing_where_all_is_well(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    assert chores.waiting(bench.db, now_ms=bench.now_ms) == Chores(words=True)
    assert found(bench) == Chores()


def test_a_pause_that_ends(bench: "Bench") -> None:
    bench.watch()
    ends_ms = bench.now_ms + HOUR_MS
    pausing.pause(bench.db, chat_id=10, which="all", until_ms=ends_ms, now_ms=bench.now_ms)
    assert found(bench) == Chores(resume_ms=ends_ms)
    bench.now_ms = ends_ms
    assert found(bench) == Chores(resume=True)
    pausing.resume_due(bench.db, now_ms=bench.now_ms)
    assert found(bench) == Chores()
    pausing.pause(bench.db, chat_id=10, which="all", until_ms=None, now_ms=bench.now_ms)
    assert found(bench) == Chores()


def test_a_source_in_trouble_is_watched_until_its_card_is_closed(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, status="failed", error="timeout")
    assert found(bench).watch
    bench.now_ms += 7 * HOUR_MS
    assert watchdogs.look(bench.db, alert=(1, 0), now_ms=bench.now_ms) == 1
    before = bench.db.conn.total_changes
    assert watchdogs.look(bench.db, alert=(1, 0), now_ms=bench.now_ms) == 0
    assert bench.db.conn.total_changes == before, "what stays the same is not written again"
    bench.poll(source_id, status="not_modified")
    assert found(bench).watch
    watchdogs.look(bench.db, alert=(1, 0), now_ms=bench.now_ms)
    assert not found(bench).watch


def test_what_the_brake_holds(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    assert not found(bench).watch
    bench.db.execute("UPDATE queue SET state = 'held', reason = ?", (brake.REASON,))
    assert found(bench).watch
