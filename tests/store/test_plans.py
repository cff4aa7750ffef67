"""How SQLite runs the statements that every poll and every post need: by index, whatever has piled up."""

import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from core.protocol import Sent
from store import reads_monitor

if TYPE_CHECKING:
    from tests.store.conftest import Bench

GROWING = (
    "history",
    "sightings",
    "queue",
    "sources",
    "posts",
    "verdicts",
    "aliases",
    "subscriptions",
    "notices",
)
SCAN = re.compile(rf"SCAN (?:{'|'.join(GROWING)}|head|mine|theirs)\b(?! USING (?:COVERING )?INDEX)")


@pytest.fixture
def traced(bench: "Bench") -> Callable[[Callable[[], object]], list[str]]:
    """Run something, and return the statements it executed with their values in place."""

    def run(work: Callable[[], object]) -> list[str]:
        seen: list[str] = []
        bench.db.conn.set_trace_callback(seen.append)
        try:
            work()
        finally:
            bench.db.conn.set_trace_callback(None)
        return [
            sql for sql in seen if sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "WITH"))
        ]

    return run


def full_scans(bench: "Bench", statements: list[str]) -> list[str]:
    found = []
    # Checks of foreign keys are planned with each INSERT, but run only while some key is broken.
    bench.db.execute("PRAGMA foreign_keys = OFF")
    for sql in statements:
        try:
            plan = [str(row[3]) for row in bench.rows(f"EXPLAIN QUERY PLAN {sql}")]
        except sqlite3.OperationalError:
            continue  # not a whole statement: a trigger's, or a comment
        found += [f"{step} <- {' '.join(sql.split())}" for step in plan if SCAN.search(step)]
    return found


@pytest.fixture
def busy(bench: "Bench") -> "Bench":
    """Fill a database, and let SQLite know what it holds."""
    for number in range(20):
        source_id = bench.watch(f"feed{number}", chat_id=10 + number % 5)
        bench.poll(source_id, *[f"{number}-{link}" for link in range(20)])
    bench.db.execute("UPDATE queue SET state = 'sent' WHERE id % 10 > 0")
    bench.db.execute("ANALYZE")
    return bench


def test_the_search_sees_a_full_scan(busy: "Bench") -> None:
    assert full_scans(busy, ["SELECT * FROM queue WHERE attempts = 5"])
    assert full_scans(busy, ["SELECT * FROM queue AS head WHERE attempts = 5"])
    assert not full_scans(busy, ["SELECT * FROM queue WHERE id = 5"])


def test_claiming_sources(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    statements = traced(busy.claim_sources)
    assert any("lease_owner" in sql for sql in statements)
    assert full_scans(busy, statements) == []


def test_recording_a_poll(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    source_id = busy.source("feed1")
    statements = traced(lambda: busy.poll(source_id, "1-1", "2-2", "new"))
    for table in ("history", "sightings", "queue", "verdicts"):
        assert any(f"INSERT INTO {table}" in sql for sql in statements)
    assert full_scans(busy, statements) == []


def test_claiming_and_sending(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    def work() -> None:
        delivery = busy.claim(limit=1).deliveries[0]
        assert busy.receive(delivery, busy.begin(delivery), Sent(message_ids=(1,)))

    statements = traced(work)
    assert any("lanes" in sql for sql in statements)
    assert full_scans(busy, statements) == []


def test_what_the_monitor_asks(busy: "Bench", traced: Callable[[Callable[[], object]], list[str]]) -> None:
    statements = traced(lambda: reads_monitor.monitored(busy.db))
    assert len(statements) == 6
    assert full_scans(busy, statements) == []
    plans = [str(row[3]) for sql in statements for row in busy.rows(f"EXPLAIN QUERY PLAN {sql}")]
    partial = ("queue_heads", "queue_leased", "queue_doubtful", "queue_held")
    of_queue = [step for step in plans if " queue " in step]
    assert of_queue
    assert all(any(index in step for index in partial) for step in of_queue), "only what waits is counted"
    assert full_scans(busy, traced(lambda: reads_monitor.settled(busy.db))) == []
