"""What people look at."""

from typing import TYPE_CHECKING

from core.protocol import Uncertain
from store import reads, subscriptions

if TYPE_CHECKING:
    from tests.store.conftest import Bench

A = "https://links.example/a"


def test_what_is_watched(bench: "Bench") -> None:
    one = bench.watch("one", 10, 5)
    bench.watch("two", 11)
    gone = bench.subscribe(bench.source("gone"), 10)
    subscriptions.unsubscribe(bench.db, [gone.subscription_id], now_ms=bench.now_ms)
    bench.db.execute("UPDATE subscriptions SET title = 'My words' WHERE chat_id = 11")
    bench.poll(one, status="failed", error="timeout")
    here = reads.watched(bench.db, chat_id=10)
    assert [(w.topic_id, w.number, w.url, w.title, w.state, w.errors, w.error) for w in here] == [
        (5, 1, "https://one.example/", "Feed", "active", 1, "timeout")
    ]
    assert (here[0].next_check_reason, here[0].next_check_ms) == ("backoff", bench.now_ms + 1_200_000)
    assert [(w.chat_id, w.title) for w in reads.watched(bench.db)] == [(10, "Feed"), (11, "My words")]
    assert reads.watched(bench.db, chat_id=99) == []


def test_counts_of_nothing(bench: "Bench") -> None:
    assert reads.counts(bench.db, now_ms=bench.now_ms) == reads.Counts(
        sources={},
        failing=0,
        subscriptions=0,
        chats=0,
        links=0,
        sent_today=0,
        queue={},
        held={},
        duplicates=0,
        repeats_caught=0,
        oldest_pending_ms=None,
    )


def test_counts(bench: "Bench") -> None:
    first_ms = bench.now_ms
    one, two = bench.watch("one"), bench.watch("two")
    bench.poll(one, *"abcd")
    bench.poll(two, "a")
    bench.send()
    bench.now_ms += 5000
    bench.send(Uncertain(error="timeout"))
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'uncertain' WHERE state = 'uncertain'")
    bench.poll(two, status="failed")
    counts = reads.counts(bench.db, now_ms=bench.now_ms)
    assert counts == reads.Counts(
        sources={"active": 2},
        failing=1,
        subscriptions=2,
        chats=1,
        links=4,
        sent_today=1,
        queue={"sent": 1, "held": 1, "pending": 2},
        held={"uncertain": 1},
        duplicates=0,
        repeats_caught=1,
        oldest_pending_ms=first_ms,
    )
    assert reads.sent_count(bench.db) == 1
    assert reads.counts(bench.db, now_ms=bench.now_ms + 86_400_000).sent_today == 0


def test_how_many_sources_are_due(bench: "Bench") -> None:
    bench.watch("one")
    bench.source("two")
    assert reads.due_sources(bench.db, now_ms=bench.now_ms) == 1
    assert reads.due_sources(bench.db, now_ms=bench.now_ms + 600_000) == 2


def test_the_life_of_a_link(bench: "Bench") -> None:
    one, two = bench.watch("one"), bench.watch("two")
    bench.poll(one, "a")
    bench.now_ms += 5
    bench.poll(two, "a")
    delivery = bench.send()
    bench.db.execute("INSERT INTO aliases VALUES ('https://short.example/1', 1, 'redirect')")
    life = reads.life_of(bench.db, A)
    assert life is not None
    assert (life.url, life.normalized_url, life.title, life.state) == (A, A, "A", "ready")
    assert [(s["url"], s["seen_ms"]) for s in life.sightings] == [
        ("https://one.example/", bench.now_ms - 5),
        ("https://two.example/", bench.now_ms),
    ]
    assert [(v["number"], v["verdict"]) for v in life.verdicts] == [(1, "wanted"), (2, "repeat")]
    assert [(q["state"], q["attempts"], q["message_id"]) for q in life.queue] == [
        ("sent", 1, delivery.queue_id + 1000)
    ]
    assert life.aliases == ["https://short.example/1"]
    assert reads.life_of(bench.db, "https://short.example/1") == life
    assert reads.life_of(bench.db, "https://links.example/other") is None


def test_the_life_of_a_link_that_was_merged_into_another(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a", "b")
    bench.db.execute("UPDATE history SET merged_into = 1 WHERE id = 2")
    life = reads.life_of(bench.db, "https://links.example/b")
    assert life is not None
    assert life.normalized_url == A
