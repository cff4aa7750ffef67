"""The outbox: whose turn it is."""

from typing import TYPE_CHECKING

import pytest

from core.protocol import Deferred, HistoryId, NotSent, Owner, Place, SubscriptionId, Uncertain
from store import chats, queue
from store.outbox import claiming

if TYPE_CHECKING:
    from tests.store.conftest import Bench

DAY_MS = 86_400_000


def by_hand(bench: "Bench", name: str, chat_id: int = 10) -> None:
    """Queue a known link in the lane of what people post themselves."""
    history_id = bench.one("SELECT id FROM history WHERE title = ?", name.upper())
    queue.enqueue(
        bench.db,
        place=Place(chat_id=chat_id),
        scope=0,
        subscription_id=None,
        history_ids=[HistoryId(history_id)],
        hold=None,
        now_ms=bench.now_ms,
        lane=queue.LANE_HAND,
    )


def names(claimed: claiming.Claimed) -> list[str]:
    return [delivery.content.title.lower() for delivery in claimed.deliveries]


def test_nothing_to_do(bench: "Bench") -> None:
    assert bench.claim() == claiming.Claimed()


def test_a_delivery_says_everything_about_its_post(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    delivery = bench.claim_one()
    assert delivery.place == Place(chat_id=10, topic_id=0)
    assert (delivery.content.url, delivery.content.title) == ("https://links.example/a", "A")
    assert (delivery.content.source_title, delivery.content.note) == ("Feed", None)
    assert (delivery.attempt, delivery.plain, delivery.silent, delivery.preview) == (1, False, False, True)
    assert delivery.chat_type == "private"


def test_one_in_flight_per_chat_in_order(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abc")
    assert names(bench.claim()) == ["a"]
    assert names(bench.claim()) == []
    bench.db.execute("UPDATE queue SET lease_owner = NULL")
    assert bench.drain() == ["a", "b", "c"]


def test_polls_follow_each_other(bench: "Bench") -> None:
    one, other = bench.watch("one"), bench.watch("other")
    bench.poll(one, "a", "b")
    bench.poll(other, "c", "a")
    bench.poll(one, "d")
    assert bench.drain() == ["a", "b", "c", "d"]


def test_chats_do_not_wait_for_each_other(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=10)
    bench.subscribe(source_id, 11)
    bench.poll(source_id)
    bench.poll(source_id, "a", "b")
    assert sorted(d.place.chat_id for d in bench.claim().deliveries) == [10, 11]


def test_the_chat_served_longest_ago_comes_first(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=10)
    for chat_id in (11, 12):
        bench.subscribe(source_id, chat_id)
    bench.poll(source_id)
    bench.poll(source_id, "a")
    for chat_id, last_ms in ((10, 3), (11, 2), (12, 1)):
        bench.db.execute("UPDATE chats SET last_send_ms = ? WHERE chat_id = ?", (last_ms, chat_id))
    assert [d.place.chat_id for d in bench.claim(limit=2).deliveries] == [12, 11]
    assert [d.place.chat_id for d in bench.claim(limit=2).deliveries] == [10]


def test_what_people_post_themselves_goes_first(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=10)
    bench.subscribe(source_id, 11)
    bench.poll(source_id, "x", "y")
    by_hand(bench, "y", chat_id=11)
    bench.poll(source_id, "a")
    assert [d.content.title for d in bench.claim().deliveries if d.place.chat_id == 11] == ["Y"]
    bench.db.execute("DELETE FROM queue WHERE chat_id = 10")
    bench.db.execute("UPDATE queue SET lease_owner = NULL")
    assert bench.drain() == ["y", "a"]


def test_a_waiting_post_by_hand_does_not_hold_up_the_feeds(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(bench.watch("other", 99), "y")
    by_hand(bench, "y")
    bench.db.execute(
        "UPDATE queue SET waits_from_ms = ?, not_before_ms = ?", (bench.now_ms, bench.now_ms + DAY_MS)
    )
    bench.poll(source_id, "a")
    assert names(bench.claim()) == ["a"]


@pytest.mark.parametrize(("chat_id", "gap_ms"), [(10, 1000), (-10, 3000), (-1_000_000_000_010, 1000)])
def test_the_gap_between_two_posts(chat_id: int, gap_ms: int, bench: "Bench") -> None:
    bench.poll(bench.watch(chat_id=chat_id), "a", "b")
    bench.send()
    assert bench.claim() == claiming.Claimed(next_ms=bench.now_ms + gap_ms)
    bench.now_ms += gap_ms - 1
    assert bench.claim().deliveries == ()
    bench.now_ms += 1
    assert names(bench.claim()) == ["b"]


def test_a_post_that_waits_for_a_time_is_not_overtaken(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    bench.send(NotSent(error="no network", retry_after_s=60))
    bench.now_ms += 59_000
    assert bench.claim() == claiming.Claimed(next_ms=bench.now_ms + 1000)
    assert bench.drain() == ["a", "b"]


def test_a_flood_wait_of_one_chat(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=10)
    bench.subscribe(source_id, 11)
    bench.poll(source_id)
    bench.poll(source_id, "a")
    first, second = bench.claim().deliveries
    post_id = bench.begin(first)
    bench.receive(first, post_id, Deferred(retry_after_s=30))
    bench.receive(second, bench.begin(second), Deferred(retry_after_s=10))
    assert bench.claim() == claiming.Claimed(next_ms=bench.now_ms + 10_000)
    bench.now_ms += 10_000
    assert [d.place for d in bench.claim().deliveries] == [second.place]
    bench.now_ms += 20_000
    assert [d.place for d in bench.claim().deliveries] == [first.place]


def test_a_flood_wait_of_all_chats(bench: "Bench") -> None:
    bench.poll(bench.watch("one", 10), "a")
    bench.send(Deferred(retry_after_s=30, everywhere=True))
    bench.poll(bench.watch("other", 11), "b")
    assert bench.claim() == claiming.Claimed(next_ms=bench.now_ms + 30_000)
    bench.now_ms += 30_000
    assert sorted(names(bench.claim())) == ["a", "b"]


def test_a_clock_that_jumped_back_holds_nobody(bench: "Bench") -> None:
    bench.poll(bench.watch("one", 10), "a", "b")
    bench.poll(bench.watch("two", 11), "c")
    bench.poll(bench.watch("three", 12), "d")
    claiming.freeze_everywhere(bench.db, until_ms=bench.now_ms + 5000, now_ms=bench.now_ms)
    chats.flood(bench.db, 10, until_ms=bench.now_ms + 5000, now_ms=bench.now_ms)
    bench.db.execute(
        "UPDATE queue SET waits_from_ms = ?, not_before_ms = ? WHERE chat_id = 11",
        (bench.now_ms, bench.now_ms + 5000),
    )
    bench.db.execute("UPDATE chats SET last_send_ms = ? WHERE chat_id = 12", (bench.now_ms,))
    assert bench.claim().deliveries == ()
    bench.now_ms -= DAY_MS
    assert sorted(names(bench.claim())) == ["a", "c", "d"]


def test_a_chat_in_fresh_doubt_waits_two_minutes_at_most(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    bench.send(Uncertain(error="timeout"))
    bench.now_ms += claiming.DOUBT_BLOCKS_MS - 1
    assert bench.claim().deliveries == ()
    bench.now_ms += 1
    assert names(bench.claim()) == ["b"]


def test_a_doubt_of_the_future_holds_nobody(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    bench.send(Uncertain(error="timeout"))
    bench.now_ms -= DAY_MS
    assert names(bench.claim()) == ["b"]


@pytest.mark.parametrize("state", ["suspended", "moved"])
def test_only_active_chats_are_served(state: str, bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.db.execute("UPDATE chats SET state = ?", (state,))
    assert bench.claim() == claiming.Claimed()


@pytest.mark.parametrize("state", ["sent", "uncertain", "held", "dropped", "dead"])
def test_only_pending_posts_are_claimed(state: str, bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.db.execute("UPDATE queue SET state = ?", (state,))
    assert bench.claim() == claiming.Claimed()


def test_enqueueing_tells_what_the_place_did_not_have(bench: "Bench") -> None:
    bench.poll(bench.watch(chat_id=11), *"abc")

    def enqueue(*ids: int, scope: int = 0, hold: str | None = None) -> set[HistoryId]:
        return queue.enqueue(
            bench.db,
            place=Place(chat_id=11, topic_id=scope),
            scope=scope,
            subscription_id=SubscriptionId(1),
            history_ids=[HistoryId(each) for each in ids],
            hold=hold,
            now_ms=bench.now_ms,
        )

    assert enqueue(1, 2) == set()
    assert enqueue(3, 2, 1, scope=5, hold="backlog") == {1, 2, 3}
    assert enqueue() == set()
    assert bench.rows("SELECT history_id, state, reason FROM queue WHERE scope = 5 ORDER BY position") == [
        (3, "held", "backlog"),
        (2, "held", "backlog"),
        (1, "held", "backlog"),
    ]


def test_what_the_dead_had_claimed_goes_back_and_what_they_had_begun_is_in_doubt(bench: "Bench") -> None:
    for name, chat_id in (("one", 10), ("two", 11), ("three", 12)):
        bench.poll(bench.watch(name, chat_id), name)
    crashed = Owner(boot_id="boot", incarnation=1)
    bench.begin(bench.claim(crashed, limit=1).deliveries[0], crashed)
    bench.claim(crashed, limit=1)
    living = Owner(boot_id="other", incarnation=1)
    bench.db.execute("INSERT INTO processes VALUES ('other', 2, 0, 0, NULL)")
    bench.begin(bench.claim(living, limit=1).deliveries[0], living)
    bench.now_ms += 5
    me = Owner(boot_id="boot", incarnation=2)
    assert queue.release_dead_leases(bench.db, owner=me, now_ms=bench.now_ms) == 1
    assert bench.rows("SELECT state, state_ms, lease_owner FROM queue ORDER BY id") == [
        ("uncertain", bench.now_ms, None),
        ("pending", bench.now_ms - 5, None),
        ("sending", bench.now_ms - 5, str(living)),
    ]
    assert queue.release_dead_leases(bench.db, owner=me, now_ms=bench.now_ms) == 0
