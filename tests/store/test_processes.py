"""Which processes worked with this database."""

from typing import TYPE_CHECKING

from store import processes

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def test_the_life_of_a_process(bench: "Bench") -> None:
    columns = "SELECT boot_id, pid, started_ms, heartbeat_ms, ended_ms FROM processes ORDER BY started_ms"
    processes.beat(bench.db, boot_id="boot", now_ms=bench.now_ms + 5)
    assert bench.rows(columns) == [("boot", 1, bench.now_ms, bench.now_ms + 5, None)]
    processes.begin(bench.db, boot_id="next", pid=2, now_ms=bench.now_ms + 10)
    processes.beat(bench.db, boot_id="next", now_ms=bench.now_ms + 20)
    processes.end(bench.db, boot_id="next", now_ms=bench.now_ms + 30)
    assert bench.rows(columns) == [
        ("boot", 1, bench.now_ms, bench.now_ms + 5, bench.now_ms + 10),
        ("next", 2, bench.now_ms + 10, bench.now_ms + 20, bench.now_ms + 30),
    ]
    # Those that ended keep the time they ended at.
    processes.begin(bench.db, boot_id="last", pid=3, now_ms=bench.now_ms + 40)
    assert bench.rows(columns)[0][4] == bench.now_ms + 10
