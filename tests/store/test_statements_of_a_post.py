"""How many statements a post costs, from its claim to its receipt; they were 19 once."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from core.protocol import Delivery, PostId, Sent

if TYPE_CHECKING:
    from tests.store.conftest import Bench

CLAIM, BEGIN, RECEIPT = 2, 5, 4
FEW, MANY = 2, 7


def counted(bench: "Bench", work: Callable[[], object]) -> int:
    """Return how many statements some work runs, those of triggers left out."""
    seen: list[str] = []
    bench.db.conn.set_trace_callback(seen.append)
    try:
        work()
    finally:
        bench.db.conn.set_trace_callback(None)
    return sum(not sql.startswith("--") for sql in seen)


@pytest.fixture
def waiting(bench: "Bench") -> "Bench":
    """Channels that wait for the same links."""
    source = bench.source()
    for n in range(FEW + MANY):
        bench.subscribe(source, -1_001_000_000_000 - n)
    bench.poll(source)
    bench.poll(source, "a", "b")
    return bench


def test_a_claim_asks_twice_for_each_post(waiting: "Bench") -> None:
    few = counted(waiting, lambda: waiting.claim(limit=FEW))
    many = counted(waiting, lambda: waiting.claim(limit=MANY))
    assert many - few <= CLAIM * (MANY - FEW)


def test_a_post_begins_and_ends_with_few(waiting: "Bench") -> None:
    costs = [cost_of(waiting, delivery) for delivery in waiting.claim(limit=FEW).deliveries]
    assert len(costs) == FEW
    assert all(begin <= BEGIN and receipt <= RECEIPT for begin, receipt in costs)
    assert waiting.one("SELECT COUNT(*) FROM queue WHERE state = 'sent'") == FEW


def cost_of(bench: "Bench", delivery: Delivery) -> tuple[int, int]:
    """Send a post; return how many statements its begin takes, and its receipt."""
    begun: list[PostId | None] = []
    begin = counted(bench, lambda: begun.append(bench.begin(delivery)))
    return begin, counted(bench, lambda: bench.receive(delivery, begun[0], Sent(message_ids=(7,))))
