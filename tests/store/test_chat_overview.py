"""What is counted of one chat, and of the few that somebody may look at."""

from typing import TYPE_CHECKING

from store.chat_overview import chat_overview, chats_with_subscriptions

if TYPE_CHECKING:
    from tests.store.conftest import Bench

DAY_MS = 86_400_000


def test_no_chats_have_nothing(bench: "Bench") -> None:
    bench.watch("one")
    seen = chat_overview(bench.db, (), now_ms=bench.now_ms)
    assert (seen.subscriptions, seen.week, seen.waiting, seen.oldest_ms) == (0, 0, 0, None)
    assert seen.failing == {"": 0}


def test_only_what_is_of_these_chats_is_counted(bench: "Bench") -> None:
    mine, other = bench.watch("one", chat_id=10), bench.watch("two", chat_id=20)
    bench.poll(mine, "a", "b", "c")
    bench.poll(other, "d", "e")
    bench.poll(bench.watch("three", chat_id=20), status="failed", error="timeout")
    first, second, third = (row["id"] for row in bench.db.execute("SELECT id FROM queue WHERE chat_id = 10"))
    bench.db.execute("UPDATE queue SET state = 'sent', state_ms = ? WHERE id = ?", (bench.now_ms, first))
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'paused' WHERE id = ?", (second,))
    bench.db.execute("UPDATE queue SET created_ms = 5 WHERE id = ?", (third,))
    seen = chat_overview(bench.db, (10,), now_ms=bench.now_ms + 2 * DAY_MS)
    assert (seen.subscriptions, seen.paused, seen.failing) == (1, 0, {"": 0})
    assert (seen.day, seen.week, seen.waiting, seen.oldest_ms, seen.held) == (0, 1, 1, 5, {"paused": 1})
    both = chat_overview(bench.db, chats_with_subscriptions(bench.db), now_ms=bench.now_ms)
    assert (both.subscriptions, both.waiting, both.failing) == (3, 3, {"": 1, "timeout": 1})
