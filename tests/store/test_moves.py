"""Sources that move for good: to a new address, or to one that is watched already."""

import json
from typing import TYPE_CHECKING

from core.protocol import Place, SourceId, Validators
from store import adding, sources, subscriptions

if TYPE_CHECKING:
    from tests.store.conftest import Bench

NEW = "https://new.example/"
MINUTE_MS = 60_000


def move(bench: "Bench", source_id: int, *names: str, polls: int = 3) -> None:
    for _ in range(polls):
        bench.now_ms += 10 * MINUTE_MS
        bench.poll(SourceId(source_id), *names, moved_to=NEW)


def address(bench: "Bench", source_id: int) -> tuple[str, str, str]:
    [row] = bench.rows("SELECT url, host, domain FROM sources WHERE id = ?", source_id)
    return row[0], row[1], row[2]


def test_an_address_changes_after_three_polls(bench: "Bench") -> None:
    source_id = bench.watch("old")
    move(bench, source_id, "a", polls=2)
    assert address(bench, source_id)[0] == "https://old.example/"
    move(bench, source_id, "a", polls=1)
    assert address(bench, source_id) == (NEW, "new.example", "new.example")
    assert bench.rows("SELECT moved_to, moved_polls FROM sources") == [(None, 0)]
    [(action, args)] = bench.rows("SELECT action, args FROM audit")
    assert action == "source.moved"
    assert json.loads(args) == {"source": source_id, "from": "https://old.example/", "to": NEW}


def test_a_move_that_is_taken_back_never_happened(bench: "Bench") -> None:
    source_id = bench.watch("old")
    move(bench, source_id, polls=2)
    bench.poll(source_id)
    move(bench, source_id, polls=2)
    assert address(bench, source_id)[0] == "https://old.example/"


def test_another_target_begins_anew(bench: "Bench") -> None:
    source_id = bench.watch("old")
    move(bench, source_id, polls=2)
    bench.poll(source_id, moved_to="https://third.example/")
    assert bench.rows("SELECT moved_to, moved_polls FROM sources") == [("https://third.example/", 1)]


def test_failures_in_between_neither_count_nor_hinder(bench: "Bench") -> None:
    source_id = bench.watch("old")
    move(bench, source_id, polls=2)
    bench.poll(source_id, status="failed", error="timeout")
    assert address(bench, source_id)[0] == "https://old.example/"
    move(bench, source_id, polls=1)
    assert address(bench, source_id)[0] == NEW


def test_a_moving_source_is_read_in_full(bench: "Bench") -> None:
    source_id = bench.watch("old")
    bench.poll(source_id, "a", validators=Validators(etag="x"), moved_to=NEW)
    bench.now_ms += 30 * MINUTE_MS
    [due] = bench.claim_due().due
    assert due.validators == Validators()


def test_subscribers_of_the_old_address_stay(bench: "Bench") -> None:
    old, new = bench.watch("old", 10), bench.watch("new", 20)
    bench.poll(new, "a")
    move(bench, old, "a")
    assert bench.rows("SELECT chat_id, source_id FROM subscriptions ORDER BY chat_id") == [
        (10, new),
        (20, new),
    ]
    assert bench.rows("SELECT state, merged_into FROM sources WHERE id = ?", old) == [("gone", new)]
    assert bench.claim_sources() == [new]
    bench.poll(new, "a", "b")
    assert bench.states(10) == {"a": "pending", "b": "pending"}
    assert bench.states(20) == {"a": "pending", "b": "pending"}


def test_nobody_misses_what_only_the_old_source_had_read(bench: "Bench") -> None:
    old, new = bench.watch("old", 10), bench.watch("new", 20)
    move(bench, old, "a", "b")
    assert bench.states(20) == {}
    bench.poll(new, "a", "b")
    assert bench.states(20) == {"a": "pending", "b": "pending"}
    assert bench.states(10) == {"a": "pending", "b": "pending"}


def test_what_left_the_document_long_ago_is_not_new_at_the_new_address(bench: "Bench") -> None:
    old, new = bench.watch("old", 10), bench.watch("new", 20)
    bench.poll(old, "ancient")
    move(bench, old, "a")
    bench.poll(new, "ancient", "a")
    assert bench.states(20) == {"a": "pending"}


def test_of_two_subscriptions_of_a_place_one_stays(bench: "Bench") -> None:
    old, new = bench.watch("old"), bench.watch("new")
    bench.poll(old, "a")
    bench.drain()
    move(bench, old, "a", "b")
    assert bench.rows("SELECT number, source_id, state FROM subscriptions") == [(2, new, "active")]
    bench.poll(new, "a", "b", "c")
    assert bench.states() == {"a": "sent", "b": "pending", "c": "pending"}
    assert bench.rows("SELECT DISTINCT subscription_id FROM queue") == [(2,)]
    assert bench.rows("PRAGMA foreign_key_check") == []
    wanted = bench.rows("SELECT COUNT(*) FROM verdicts WHERE verdict = 'wanted' AND subscription_id = 2")
    assert wanted == [(3,)]


def test_an_active_subscription_wins_over_one_that_has_ended(bench: "Bench") -> None:
    bench.watch("new")
    [ended] = bench.rows("SELECT id FROM subscriptions")
    subscriptions.unsubscribe(bench.db, ended, now_ms=bench.now_ms)
    old = bench.watch("old")
    move(bench, old, "a")
    [row] = bench.rows("SELECT number, source_id, state FROM subscriptions")
    assert row == (2, bench.one("SELECT id FROM sources WHERE url = ?", NEW), "active")
    assert bench.one("SELECT state FROM sources WHERE url = ?", NEW) == "active"
    assert bench.one("SELECT next_number FROM chats") == 3


def test_who_adds_the_old_address_gets_the_new_source(bench: "Bench") -> None:
    old, new = bench.watch("old", 10), bench.watch("new", 20)
    move(bench, old, "a")
    assert bench.source("old") == new
    third = sources.upsert(bench.db, kind="feed", url="https://third.example/", now_ms=bench.now_ms)
    bench.subscribe(third, 30)
    for _ in range(3):
        bench.poll(new, "a", moved_to="https://third.example/")
    assert bench.source("old") == third


def test_a_source_that_is_gone_is_tried_again_when_somebody_adds_it(bench: "Bench") -> None:
    source_id = bench.watch("old")
    bench.poll(source_id, status="gone", error="http_status")
    assert bench.one("SELECT state FROM sources") == "gone"
    bench.now_ms += 10_000 * MINUTE_MS
    assert bench.claim_sources() == []
    place = Place(chat_id=10)
    wish = adding.Wish(place=place, kind="feed", url="https://old.example/", backlog="none")
    adding.add(bench.db, wish, now_ms=bench.now_ms)
    assert bench.claim_sources() == [source_id]
