"""Pausing and resuming: a paused subscription loses nothing silently, and keeps its place and number."""

from typing import TYPE_CHECKING

import pytest

from core.access import Access
from core.protocol import Deferred, Place
from store import accesses, adding, by_hand, chats, chores, pausing, removing, subscriptions
from store.subscriptions import Subscribed
from tests.store.test_plans import full_scans

if TYPE_CHECKING:
    from tests.store.conftest import Bench

LINKS = "https://links.example/"
HOUR_MS = 3_600_000


def pause(bench: "Bench", which: str = "1", chat_id: int = 10, until_ms: int | None = None) -> list[int]:
    done = pausing.pause(bench.db, chat_id=chat_id, which=which, until_ms=until_ms, now_ms=bench.now_ms)
    bench.now_ms += 1000
    return [each.number for each in done]


def resume(bench: "Bench", catch_up: str | None = None, which: str = "1", chat_id: int = 10) -> list[int]:
    bench.now_ms += 1000
    done = pausing.resume(bench.db, chat_id=chat_id, which=which, catch_up=catch_up, now_ms=bench.now_ms)
    return [each.number for each in done]


def first(bench: "Bench", chat_id: int = 10) -> Subscribed:
    [(number, identity)] = bench.rows("SELECT number, id FROM subscriptions WHERE chat_id = ?", chat_id)
    return Subscribed(subscription_id=identity, number=number, created=False)


@pytest.mark.parametrize(
    ("catch_up", "posted"),
    [(None, []), ("none", []), ("2", ["c", "d"]), ("all", ["b", "c", "d"])],
)
@pytest.mark.parametrize("others_watch", [False, True])
def test_what_came_meanwhile_is_chosen_by_the_policy(
    bench: "Bench", catch_up: str | None, posted: list[str], others_watch: bool
) -> None:
    source_id = bench.watch()
    if others_watch:
        bench.subscribe(source_id, chat_id=20)
    bench.poll(source_id, "a")
    bench.drain()
    assert pause(bench) == [1]
    if others_watch:
        bench.poll(source_id, "a", "b", "c")
        bench.poll(source_id, "b", "c", "d")
    polled = bench.one("SELECT state FROM sources") in ("probing", "active")
    assert polled == others_watch, "for nobody nobody asks"
    assert resume(bench, catch_up) == [1]
    if not others_watch:
        assert bench.claim_sources() == [source_id], "at once"
        bench.poll(source_id, "a", "b", "c", "d")
    here = [name for name, state in bench.states().items() if state == "pending"]
    assert here == posted
    passed = {name for name, verdict in bench.verdicts(first(bench)).items() if verdict == "backlog"}
    assert passed == {"b", "c", "d"} - set(posted), "nothing is lost silently"
    bench.poll(source_id, "c", "d", "e")
    assert "e" in bench.states(), "what is new from then on is posted"
    assert bench.verdicts(first(bench)).keys() == {"a", "b", "c", "d", "e"}


def test_what_waits_is_held_and_goes_on_in_its_order(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", "b", "c")
    pause(bench)
    assert bench.states() == dict.fromkeys("abc", "held(paused)")
    assert bench.claim().deliveries == ()
    resume(bench)
    bench.poll(source_id, "a", "b", "c")
    assert bench.drain() == ["a", "b", "c"]


def test_a_post_under_way_when_the_pause_begins_comes_back_and_is_held(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", "b")
    delivery = bench.claim_one()
    pause(bench)
    assert bench.begin(delivery) is None
    assert bench.states() == {"a": "held(paused)", "b": "held(paused)"}
    resume(bench)
    delivery = bench.claim_one()
    post_id = bench.begin(delivery)
    pause(bench)
    assert bench.receive(delivery, post_id, Deferred(retry_after_s=1))
    bench.now_ms += 60_000
    assert bench.begin(bench.claim_one()) is None
    assert set(bench.states().values()) == {"held(paused)"}


def test_another_subscription_of_the_place_gets_what_both_want(bench: "Bench") -> None:
    one, other = bench.watch("one"), bench.watch("other")
    bench.poll(one, "a")
    bench.poll(other, "a")
    pause(bench, "1")
    assert bench.states() == {"a": "pending"}
    bench.poll(one, "b")
    bench.poll(other, "b")
    pause(bench, "2")
    assert bench.states() == {"a": "held(paused)", "b": "held(paused)"}
    resume(bench, which="1")
    bench.poll(one, "b")
    bench.poll(one, "b", "c")
    assert bench.states()["c"] == "pending"
    bench.poll(bench.watch("third"), "a")
    assert bench.states()["a"] == "pending"
    by_hand.queue_link(bench.db, Place(chat_id=10), url=LINKS + "b", now_ms=bench.now_ms)
    assert bench.states()["b"] == "pending", "somebody wants it now"


def test_a_pause_ends_by_itself(bench: "Bench") -> None:
    source_id = bench.watch()
    pause(bench, until_ms=bench.now_ms + HOUR_MS)
    assert pausing.resume_due(bench.db, now_ms=bench.now_ms) == 0
    bench.now_ms += HOUR_MS
    assert pausing.resume_due(bench.db, now_ms=bench.now_ms) == 1
    assert pausing.resume_due(bench.db, now_ms=bench.now_ms) == 0
    assert bench.claim_sources() == [source_id]


def test_a_pause_ends_where_the_clock_is_set_back_to_before_it(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.watch(chat_id=20)  # it is read on for another chat
    bench.poll(source_id, "a")
    pausing.pause(
        bench.db,
        chat_id=10,
        which="1",
        until_ms=bench.now_ms + HOUR_MS,
        catch_up="all",
        now_ms=bench.now_ms,
    )
    bench.now_ms -= HOUR_MS
    bench.poll(source_id, "a", "b")
    assert chores.waiting(bench.db, now_ms=bench.now_ms).resume
    assert pausing.resume_due(bench.db, now_ms=bench.now_ms) == 1
    assert bench.one("SELECT COUNT(*) FROM queue WHERE chat_id = 10") == 2, "one came in the pause"


def test_all_of_a_chat_and_no_other(bench: "Bench") -> None:
    bench.watch("one")
    bench.watch("two")
    bench.watch("one", chat_id=20)
    assert pause(bench, "all") == [1, 2]
    assert pause(bench, "all") == [1, 2], "again is the same"
    assert bench.one("SELECT COUNT(*) FROM subscriptions WHERE state = 'active'") == 1
    assert resume(bench, which="all") == [1, 2]
    assert resume(bench, which="all") == []


def test_a_subscription_that_has_seen_nothing_yet_gets_its_backlog_later(bench: "Bench") -> None:
    source_id = bench.source()
    bench.subscribe(source_id, backlog="1")
    pause(bench)
    resume(bench)
    bench.poll(source_id, "a", "b")
    assert bench.states() == {"b": "pending"}


def test_a_broken_document_after_a_pause_is_looked_at_again(bench: "Bench") -> None:
    source_id = bench.watch()
    pause(bench)
    resume(bench, "all")
    bench.poll(source_id, "a", complete=False)
    assert bench.states() == {}
    bench.poll(source_id, status="not_modified")
    assert bench.states() == {"a": "pending"}


def test_a_failed_look_after_a_pause_decides_nothing(bench: "Bench") -> None:
    source_id = bench.watch()
    pause(bench)
    resume(bench)
    bench.poll(source_id, status="failed", error="timeout")
    bench.poll(source_id, "a")
    bench.poll(source_id, "a", "b")
    assert bench.states() == {"b": "pending"}
    assert bench.verdicts(first(bench)) == {"a": "backlog", "b": "wanted"}


def test_adding_or_removing_what_pauses(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    pause(bench)
    wish = adding.Wish(place=Place(chat_id=10), kind="feed", url="https://feed.example/", backlog="all")
    assert not adding.add(bench.db, wish, now_ms=bench.now_ms).created
    bench.poll(source_id, "a", "b")
    assert bench.states() == {"a": "pending", "b": "pending"}
    pause(bench)
    removing.remove(bench.db, chat_id=10, which="1", now_ms=bench.now_ms)
    assert set(bench.states().values()) == {"dropped(unsubscribed)"}
    assert resume(bench) == []


def test_values_of_its_own_outlive_a_pause(bench: "Bench") -> None:
    bench.watch()
    secret = Access(origin="https://feed.example:443", headers=(("X-Key", "secret"),))
    accesses.give(bench.db, first(bench).subscription_id, secret, now_ms=bench.now_ms)
    pause(bench)
    assert bench.claim_sources() == []
    assert accesses.of_subscription(bench.db, first(bench).subscription_id) == secret
    accesses.give(bench.db, first(bench).subscription_id, Access(user_agent="x"), now_ms=bench.now_ms)
    assert bench.claim_sources() == [], "setting something wakes nobody"
    removing.remove(bench.db, chat_id=10, which="1", now_ms=bench.now_ms)
    removing.forget(bench.db, now_ms=bench.now_ms + removing.UNDO_MS + 1)
    assert bench.rows("SELECT credentials FROM sources WHERE credentials IS NOT NULL") == []


def test_a_pause_survives_a_new_chat_id_and_a_moved_source(bench: "Bench") -> None:
    old = bench.watch("old")
    bench.poll(old, "a")
    pause(bench)
    chats.migrate(bench.db, old_id=10, new_id=-1001, now_ms=bench.now_ms)
    assert bench.states(-1001) == {"a": "held(paused)"}
    bench.subscribe(old, chat_id=30)
    bench.source("new")
    subscriptions.unsubscribe(
        bench.db, [bench.subscribe(bench.source("new"), -1001).subscription_id], now_ms=1
    )
    for _ in range(3):
        bench.poll(old, "b", moved_to="https://new.example/")
    assert resume(bench, "all", which="all", chat_id=-1001) == [1]
    bench.poll(bench.source("new"), "b")
    assert bench.states(-1001) == {"a": "pending", "b": "pending"}


def test_a_chat_out_of_reach_keeps_what_a_pause_let_go(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    pause(bench)
    chats.suspend(bench.db, 10, reason="kicked", alert=None, now_ms=bench.now_ms)
    resume(bench)
    assert bench.states() == {"a": "held(suspended)"}
    chats.resume(bench.db, 10, now_ms=bench.now_ms)
    assert bench.drain() == ["a"]


def test_pausing_reads_no_table_as_a_whole(bench: "Bench") -> None:
    for number in range(20):
        bench.poll(
            bench.watch(f"feed{number}", chat_id=10 + number % 5), *[f"{number}-{n}" for n in range(20)]
        )
    bench.db.execute("ANALYZE")
    seen: list[str] = []
    bench.db.conn.set_trace_callback(seen.append)
    pause(bench, "all", chat_id=12)
    pausing.resume_due(bench.db, now_ms=bench.now_ms)
    resume(bench, "all", "all", chat_id=12)
    bench.db.conn.set_trace_callback(None)
    statements = [sql for sql in seen if sql.lstrip().startswith(("SELECT", "UPDATE"))]
    assert any("resumes_ms <= " in sql for sql in statements)
    assert full_scans(bench, statements) == []
