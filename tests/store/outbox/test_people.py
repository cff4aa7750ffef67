"""What people do with what waits: they see it, move it, drop it, and post links of their own."""

from typing import TYPE_CHECKING

import pytest

from core.posting.rules import parse_rules
from core.protocol import Place, Sent, Uncertain
from store import own_texts
from store.outbox import moving, posting, schedules
from store.outbox.waiting import Queue, chats_with_queue, queue_of
from tests.store.conftest import LINKS

if TYPE_CHECKING:
    from tests.store.conftest import Bench

HOUR_MS = 3_600_000
HERE = Place(chat_id=10)


def row_of(bench: "Bench", name: str) -> int:
    found: int = bench.one(
        "SELECT queue.id FROM queue JOIN history ON history.id = history_id WHERE title = ?", name.upper()
    )
    return found


def shown(bench: "Bench", limit: int = 8) -> Queue:
    return queue_of(bench.db, 10, limit=limit, pacing=bench.pacing, now_ms=bench.now_ms)


def order(bench: "Bench") -> list[str]:
    return [each.title.lower() for each in shown(bench).rows]


def act(bench: "Bench", name: str, action: moving.Action) -> str:
    return moving.act(bench.db, row_of(bench, name), action, now_ms=bench.now_ms)


def test_the_queue_tells_when_and_why(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abcde")
    schedules.change(bench.db, 10, lambda before: parse_rules("gap 1h hold 10:00-12:00", before))
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'backlog' WHERE id = 5")
    found = shown(bench, limit=3)
    assert [(each.title, each.next_ms, each.why) for each in found.rows] == [
        ("A", bench.now_ms, "now"),
        ("B", bench.now_ms + HOUR_MS, "gap"),
        ("C", bench.now_ms + 4 * HOUR_MS, "hold"),
    ]
    assert (found.total, found.held, found.zone) == (4, {"backlog": 1}, "UTC")
    assert chats_with_queue(bench.db) == [10]


def test_the_queue_tells_of_flood_waits_pages_and_chats_out_of_reach(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.db.execute("UPDATE queue SET not_before_ms = ?, waits_from_ms = 1", (bench.now_ms + 60_000,))
    bench.db.execute("UPDATE history SET state = 'accepted'")
    assert [each.why for each in shown(bench).rows] == ["page"]
    until_ms = bench.now_ms + 90_000
    bench.db.execute("UPDATE chats SET flood_from_ms = 1, flood_until_ms = ?", (until_ms,))
    assert [(each.why, each.next_ms) for each in shown(bench).rows] == [("flood_wait", until_ms)]
    bench.db.execute("UPDATE chats SET state = 'suspended'")
    assert [(each.why, each.next_ms) for each in shown(bench).rows] == [("suspended", None)]
    assert queue_of(bench.db, 99, limit=5, pacing=bench.pacing, now_ms=0).total == 0


def test_the_queue_foresees_what_would_be_folded(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abcd")
    bench.db.execute("UPDATE queue SET at_ms = ?, lane = 2 WHERE id = 4", (bench.now_ms + HOUR_MS,))
    schedules.change(bench.db, 10, lambda before: parse_rules("hold 07:00-20:00 fold 2", before))
    opens_ms = shown(bench).rows[1].next_ms
    assert [(each.title, each.next_ms, each.why) for each in shown(bench).rows] == [
        ("D", bench.now_ms + HOUR_MS, "at"),
        ("A", opens_ms, "fold"),
        ("B", opens_ms, "fold"),
        ("C", opens_ms, "fold"),
    ]
    own_texts.write(bench.db, row_of(bench, "c"), text="Mine", entities=(), by="Ann", now_ms=bench.now_ms)
    assert [each.why for each in shown(bench).rows] == ["at", "hold", "gap", "gap"]


def test_up_down_now_and_drop(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abcd")
    assert act(bench, "a", "up") == "queue_edge"
    assert act(bench, "c", "up") == "queue_moved"
    assert order(bench) == ["a", "c", "b", "d"]
    assert act(bench, "a", "down") == "queue_moved"
    assert act(bench, "d", "down") == "queue_edge"
    assert act(bench, "b", "drop") == "queue_dropped"
    assert act(bench, "d", "now") == "queue_now"
    assert order(bench) == ["d", "c", "a"]
    assert bench.states()["b"] == "dropped(dropped_by_hand)"
    assert bench.drain() == ["d", "c", "a"]
    assert act(bench, "a", "now") == "queue_settled"
    assert moving.chat_of(bench.db, 99) is None


def test_what_is_under_way_stays(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.claim_one()
    assert [act(bench, "a", action) for action in moving.ACTIONS] == ["queue_settled"] * 4


def test_moments_that_people_choose_are_kept_in_their_order(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abc")
    schedules.change(bench.db, 10, lambda before: parse_rules("hold 07:00-20:00", before))
    for name, hours in (("a", 2), ("c", 1)):
        at_ms = bench.now_ms + hours * HOUR_MS
        assert moving.send_at(bench.db, row_of(bench, name), at_ms=at_ms, now_ms=bench.now_ms)
    assert order(bench) == ["c", "a", "b"]
    assert bench.claim().next_ms == bench.now_ms + HOUR_MS
    bench.now_ms += HOUR_MS
    assert bench.send().content.title == "C"
    bench.now_ms += HOUR_MS
    assert bench.send().content.title == "A"
    bench.now_ms += 1000
    assert bench.claim().next_ms == bench.now_ms - 1000 + 10 * HOUR_MS


def test_a_moment_chosen_by_a_clock_that_jumped_back_holds_nothing(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    assert act(bench, "a", "now") == "queue_now"
    bench.now_ms -= 24 * HOUR_MS
    assert bench.send().content.title == "A"


def post(bench: "Bench", name: str, *, at_ms: int | None = None, again: bool = False) -> str:
    return posting.post(bench.db, HERE, url=LINKS + name, at_ms=at_ms, again=again, now_ms=bench.now_ms)


def test_a_link_by_hand_goes_before_what_sources_bring(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"ab")
    assert post(bench, "mine") == "post_queued"
    assert post(bench, "b") == "post_promoted"
    assert post(bench, "mine") == "post_promoted"
    assert bench.drain() == ["b", "mine", "a"]


def test_a_link_is_posted_once_more_only_if_that_is_said(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.send()
    assert post(bench, "a") == "post_known"
    assert post(bench, "a", again=True) == "post_queued"
    assert post(bench, "a", again=True) == "post_promoted", "it waits already"
    bench.now_ms += 1000
    assert bench.drain() == ["a"]
    assert bench.rows("SELECT edition, state FROM queue ORDER BY 1") == [(0, "sent"), (1, "sent")]


@pytest.mark.parametrize("reason", ["expired", "unsubscribed", "dropped_by_hand"])
def test_what_was_dropped_without_a_try_is_wanted_anew(bench: "Bench", reason: str) -> None:
    bench.poll(bench.watch(), "a")
    bench.db.execute("UPDATE queue SET state = 'dropped', reason = ?, expires_ms = 5", (reason,))
    assert post(bench, "a") == "post_queued"
    assert bench.rows("SELECT state, reason, expires_ms, edition FROM queue") == [("pending", None, None, 0)]


def test_what_is_under_way_or_in_doubt_is_not_posted_beside_it(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    delivery = bench.claim_one()
    assert post(bench, "a", again=True) == "post_under_way"
    post_id = bench.begin(delivery)
    assert post(bench, "a", again=True) == "post_under_way"
    bench.receive(delivery, post_id, Uncertain(error="timeout"))
    assert post(bench, "a") == "post_known"
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'uncertain'")
    assert post(bench, "a") == "post_held"
    assert bench.receive(delivery, post_id, Sent(message_ids=(1,)))
