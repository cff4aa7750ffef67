"""What a poll costs the database, counted in statements, columns and indexes: they do not depend on time."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from core.memory import Memory
from core.protocol import Validators

if TYPE_CHECKING:
    from tests.store.conftest import Bench

_SET = re.compile(r"\b(\w+) = ")


@pytest.fixture
def executed(bench: "Bench") -> Callable[[Callable[[], object]], list[str]]:
    """Run something, and return the statements it executed, in one line each."""

    def run(work: Callable[[], object]) -> list[str]:
        seen: list[str] = []
        bench.db.conn.set_trace_callback(seen.append)
        try:
            work()
        finally:
            bench.db.conn.set_trace_callback(None)
        return [" ".join(sql.split()) for sql in seen]

    return run


def columns(update: str) -> set[str]:
    """Return the columns that an UPDATE names."""
    return set(_SET.findall(update.partition(" SET ")[2].partition(" WHERE ")[0]))


def test_a_quiet_poll_is_one_look_and_one_change(
    bench: "Bench", executed: Callable[[Callable[[], object]], list[str]]
) -> None:
    source_id = bench.watch()
    bench.poll(source_id, status="not_modified")
    bench.now_ms += 600_000
    look, change = executed(lambda: bench.poll(source_id, status="not_modified"))
    assert look.startswith("SELECT")
    assert columns(change) == {
        "lease_owner",
        "lease_until_ms",
        "next_check_ms",
        "scheduled_ms",
        "last_ok_ms",
    }


def test_a_document_without_news_is_looked_up_among_what_is_known_and_written_once(
    bench: "Bench", executed: Callable[[Callable[[], object]], list[str]]
) -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", "b")
    memory = Memory(secret=b"key", packed=b"12345678")
    validators = Validators(etag='"2"', body_hash=b"hash")
    bench.now_ms += 600_000
    statements = executed(lambda: bench.poll(source_id, known=2, memory=memory, validators=validators))
    assert [sql.partition(" ")[0] for sql in statements] == ["SELECT", "UPDATE"]
    assert {"etag", "body_hash", "seen_keys", "last_full_ms"} <= columns(statements[1])
    assert not {"state", "failing_since_ms", "empty_since_ms", "hold_next"} & columns(statements[1])


def test_what_differs_is_written(
    bench: "Bench", executed: Callable[[Callable[[], object]], list[str]]
) -> None:
    source_id = bench.watch()
    bench.poll(source_id, status="failed", error="http_status", error_args=("500",))
    failed = bench.rows("SELECT errors, error, failing_since_ms FROM sources")[0]
    assert tuple(failed) == (1, "http_status", bench.now_ms)
    change = executed(lambda: bench.poll(source_id, status="not_modified"))[1]
    written = {"errors", "error", "error_args", "failing_since_ms", "next_check_reason"}
    assert written <= columns(change)
    mended = bench.rows("SELECT errors, error, error_args, failing_since_ms FROM sources")[0]
    assert tuple(mended) == (0, None, "[]", None)


@pytest.mark.parametrize("busy", [(), ("feed0.example", "feed1.example")], ids=["hosts free", "hosts busy"])
def test_a_claim_looks_at_sources_by_time(
    bench: "Bench", executed: Callable[[Callable[[], object]], list[str]], busy: tuple[str, ...]
) -> None:
    """Without statistics, as in a database that nobody has analyzed, SQLite would look at all of a state."""
    for number in range(3):
        bench.watch(f"feed{number}")
    bench.now_ms += 3_600_000
    statements = executed(lambda: bench.claim_due(limit=1, busy=busy, set_back=False))
    plans = [str(row[3]) for sql in statements for row in bench.rows(f"EXPLAIN QUERY PLAN {sql}")]
    named = {
        found[1] for plan in plans if (found := re.search(r"sources USING (?:COVERING )?INDEX (\w+)", plan))
    }
    assert named == {"sources_due", "sources_leased"}
    assert not any("ORDER BY" in plan for plan in plans)
