"""What the monitor reads, and at what cost."""

from typing import TYPE_CHECKING

from core.protocol import Uncertain
from store import reads_monitor

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def test_everything_is_counted_by_state(bench: "Bench") -> None:
    one = bench.watch("one")
    bench.source("idle")
    bench.poll(one, "1", "2", "3", "4")
    first = bench.claim(limit=1).deliveries[0]
    bench.receive(first, bench.begin(first), Uncertain(error="e"))
    bench.now_ms += 60_000
    bench.poll(one, status="failed", error="timeout")
    now = reads_monitor.monitored(bench.db)
    assert now.waiting == {"pending": 3, "sending": 0, "uncertain": 1, "held": 0}
    assert now.oldest_pending_ms == bench.now_ms - 60_000
    assert now.sources == {"active": 1, "probing": 1}
    assert now.failing == {"timeout": 1}
    assert reads_monitor.settled(bench.db).rows == {"sent": 0, "dropped": 0, "dead": 0}
    bench.db.execute("UPDATE queue SET state = 'sent' WHERE state = 'pending'")
    settled = reads_monitor.settled(bench.db)
    assert settled.rows == {"sent": 3, "dropped": 0, "dead": 0}
    assert settled.duplicates == 0
    assert reads_monitor.monitored(bench.db).oldest_pending_ms is None


def test_one_that_is_on_its_way_is_sending(bench: "Bench") -> None:
    bench.poll(bench.watch("one"), "1")
    bench.begin(bench.claim(limit=1).deliveries[0])
    assert reads_monitor.monitored(bench.db).waiting["sending"] == 1


def test_all_states_of_the_outbox_have_a_number(bench: "Bench") -> None:
    names = {*reads_monitor.monitored(bench.db).waiting, *reads_monitor.settled(bench.db).rows}
    (schema,) = bench.db.execute("SELECT sql FROM sqlite_master WHERE name = 'queue'").fetchone()
    assert all(f"'{name}'" in schema for name in names)
    assert len(names) == 7
