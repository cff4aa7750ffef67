"""Polls that found nothing new: together they come to the same as one by one."""

from typing import TYPE_CHECKING

from core.protocol import PollReport, SourceId
from core.schedule import PollingPolicy
from store import quiet_polls, sources

if TYPE_CHECKING:
    from tests.store.conftest import Bench

POLICY = PollingPolicy(interval_default_s=600, interval_min_s=60, backoff_max_s=7200)
NOWHERE = SourceId(4711)


def reports(*source_ids: SourceId) -> list[tuple[PollReport, float]]:
    return [
        (PollReport(source_id=source_id, status="not_modified", fresh_s=900.0 * (number % 2)), number / 10)
        for number, source_id in enumerate(source_ids)
    ]


def watched_in_many_ways(bench: "Bench") -> list[SourceId]:
    """Return sources that do well, failed, were asked for time, catch up, are new; and one of nowhere."""
    well, failed, throttled, behind = (
        bench.watch(name) for name in ("well", "failed", "throttled", "behind")
    )
    for source_id in (well, failed, throttled, behind):
        bench.poll(source_id, "a", f"b{source_id}")
        bench.poll(source_id, status="not_modified")
    bench.poll(failed, status="failed", error="timeout")
    bench.poll(throttled, status="failed", error="http_status", error_args=("429",))
    bench.db.execute("UPDATE subscriptions SET paused_ms = ? WHERE source_id = ?", (bench.now_ms - 1, behind))
    bench.now_ms += 3_600_000
    return [well, NOWHERE, failed, throttled, behind, bench.watch("new"), bench.source("unwatched")]


def test_together_they_come_to_the_same_as_one_by_one(bench: "Bench") -> None:
    asked = reports(*watched_in_many_ways(bench))
    bench.db.execute("SAVEPOINT before")
    alone = [
        sources.record_poll(bench.db, report, policy=POLICY, jitter=jitter, now_ms=bench.now_ms)
        for report, jitter in asked
    ]
    rows_alone = [tuple(row) for row in bench.rows("SELECT * FROM sources")]
    bench.db.execute("ROLLBACK TO before")
    assert [tuple(row) for row in bench.rows("SELECT * FROM sources")] != rows_alone
    together = quiet_polls.record(bench.db, asked, policy=POLICY, now_ms=bench.now_ms)
    assert together == alone
    assert [tuple(row) for row in bench.rows("SELECT * FROM sources")] == rows_alone


def test_they_are_looked_up_at_once(bench: "Bench") -> None:
    watched = [bench.watch(f"feed{number}") for number in range(20)]
    for source_id in watched:
        bench.poll(source_id, status="not_modified")
    seen: list[str] = []
    bench.now_ms += 600_000
    bench.db.conn.set_trace_callback(seen.append)
    quiet_polls.record(bench.db, reports(*watched), policy=POLICY, now_ms=bench.now_ms)
    bench.db.conn.set_trace_callback(None)
    looks = [" ".join(sql.split()) for sql in seen if sql.startswith("SELECT")]
    assert len(looks) == 1
    assert len(seen) == 1 + len(watched)
    plan = [str(row[3]) for row in bench.rows(f"EXPLAIN QUERY PLAN {looks[0]}")]
    assert any("SEARCH sources USING INTEGER PRIMARY KEY" in step for step in plan)
    assert not any("SCAN sources" in step or "SCAN watching" in step for step in plan)
