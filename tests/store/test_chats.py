"""Chats and topics: out of reach, back again, and under a new id."""

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from core.protocol import Uncertain
from store import chats, notices, out_of_reach, subscriptions

if TYPE_CHECKING:
    from tests.store.conftest import Bench

OLD, NEW = -10, -1_000_000_000_010
DAY_MS = 86_400_000


def suspend(bench: "Bench", chat_id: int = 10, reason: str = "blocked") -> None:
    chats.suspend(bench.db, chat_id, reason=reason, alert=bench.alert, now_ms=bench.now_ms)


def migrate(bench: "Bench", old_id: int = OLD, new_id: int = NEW) -> None:
    chats.migrate(bench.db, old_id=old_id, new_id=new_id, now_ms=bench.now_ms)


@pytest.mark.parametrize(("chat_id", "kind"), [(5, "private"), (-5, "group"), (NEW, "channel")])
def test_a_chat_of_which_only_the_id_is_known(chat_id: int, kind: str, bench: "Bench") -> None:
    chats.ensure(bench.db, chat_id)
    assert bench.rows("SELECT type, title, state FROM chats") == [(kind, "", "active")]


def test_a_chat_is_kept_up_to_date(bench: "Bench") -> None:
    chats.ensure(bench.db, NEW, chat_type="supergroup", title="News")
    chats.ensure(bench.db, NEW)
    assert bench.rows("SELECT type, title FROM chats") == [("supergroup", "News")]
    chats.ensure(bench.db, NEW, title="Other news")
    assert bench.rows("SELECT type, title FROM chats") == [("supergroup", "Other news")]


def test_the_highest_message_is_remembered(bench: "Bench") -> None:
    chats.ensure(bench.db, 5)
    for message_id in (7, 9, 8):
        chats.note_message(bench.db, 5, message_id)
    assert bench.one("SELECT highest_message_id FROM chats") == 9


def test_suspending_and_resuming_keep_the_order(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", "b")
    suspend(bench)
    bench.poll(source_id, "c")
    assert bench.states() == {"a": "held(suspended)", "b": "held(suspended)", "c": "held(suspended)"}
    assert bench.claim().deliveries == ()
    bench.poll(bench.watch("other", 11), "x")
    assert chats.resume(bench.db, 10, now_ms=bench.now_ms)
    bench.poll(source_id, "d")
    assert list(bench.states().items()) == [(name, "pending") for name in "abcd"]
    assert not chats.resume(bench.db, 10, now_ms=bench.now_ms)
    assert [name for name in bench.drain() if name != "x"] == list("abcd")


def test_suspending_is_told_once(bench: "Bench") -> None:
    bench.watch()
    bench.db.execute("UPDATE chats SET title = 'News'")
    suspend(bench)
    suspend(bench, reason="kicked")
    assert bench.notices() == [("chat.suspended", {"chat": "News", "reason": "blocked"}, "pending")]
    chats.resume(bench.db, 10, now_ms=bench.now_ms)
    suspend(bench, reason="kicked")
    assert bench.notices() == [("chat.suspended", {"chat": "News", "reason": "kicked"}, "pending")]


def test_a_chat_is_not_told_about_itself(bench: "Bench") -> None:
    bench.watch()
    bench.alert = (10, 0)
    suspend(bench)
    bench.alert = None
    suspend(bench)
    assert bench.notices() == []


def test_suspending_a_chat_nobody_knows(bench: "Bench") -> None:
    suspend(bench, 99)
    assert bench.notices() == []
    assert not chats.resume(bench.db, 99, now_ms=bench.now_ms)


def test_resuming_releases_nothing_that_is_held_for_another_reason(bench: "Bench") -> None:
    bench.poll(bench.watch(), *"abc")
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'uncertain' WHERE history_id = 1")
    suspend(bench)
    chats.resume(bench.db, 10, now_ms=bench.now_ms)
    assert bench.states() == {"a": "held(uncertain)", "b": "pending", "c": "pending"}


def test_a_topic_is_suspended_and_resumed_alone(bench: "Bench") -> None:
    closed, opened = bench.watch("closed", 10, 5), bench.watch("opened", 10, 6)
    bench.poll(closed, "a", "b")
    bench.poll(opened, "c")
    for _ in range(2):
        chats.suspend_topic(bench.db, 10, 5, reason="topic_closed", now_ms=bench.now_ms)
    assert bench.states() == {"a": "held(topic_suspended)", "b": "held(topic_suspended)", "c": "pending"}
    assert not chats.resume_topic(bench.db, 10, 6, now_ms=bench.now_ms)
    assert chats.resume_topic(bench.db, 10, 5, now_ms=bench.now_ms)
    assert not chats.resume_topic(bench.db, 10, 5, now_ms=bench.now_ms)
    assert bench.drain() == ["c", "a", "b"]


def test_a_post_waits_for_30_days(bench: "Bench") -> None:
    source_id, in_topic = bench.watch("one", 10), bench.watch("other", 11, 5)
    bench.poll(source_id, "a", "b")
    bench.poll(in_topic, "c")
    bench.db.execute(
        "UPDATE queue SET state = 'held', reason = 'uncertain', state_ms = 0 WHERE history_id = 2"
    )
    suspend(bench)
    chats.suspend_topic(bench.db, 11, 5, reason="topic_closed", now_ms=bench.now_ms)
    bench.now_ms += 30 * DAY_MS - 1
    assert out_of_reach.expire(bench.db, alert=bench.alert, now_ms=bench.now_ms) == 0
    bench.now_ms += 1
    assert out_of_reach.expire(bench.db, alert=bench.alert, now_ms=bench.now_ms) == 2
    assert bench.states() == {"a": "dropped(chat_expired)", "b": "held(uncertain)"}
    assert bench.states(11) == {"c": "dropped(chat_expired)"}


def test_a_group_that_becomes_a_supergroup_takes_everything_along(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=OLD)
    bench.poll(source_id, *"abc")
    bench.send()
    bench.db.execute(
        """UPDATE chats SET title = 'Group', language = 'ru', zone = 'Asia/Omsk', schedule = '{"a": 1}',
        link_rules = '{"b": 2}', options = '{"c": 3}', once = 'topic' WHERE chat_id = ?""",
        (OLD,),
    )
    notices.post(bench.db, place=(OLD, 0), key="k", code="add.looking", args={}, now_ms=0)
    bench.db.execute("INSERT INTO users (id) VALUES (1)")
    bench.db.execute("INSERT INTO members VALUES (?, 1, 'editor')", (OLD,))
    migrate(bench)
    assert bench.rows(
        """SELECT type, title, language, zone, schedule, link_rules, options, once, state
        FROM chats WHERE chat_id = ?""",
        NEW,
    ) == [("supergroup", "Group", "ru", "Asia/Omsk", '{"a": 1}', '{"b": 2}', '{"c": 3}', "topic", "active")]
    assert bench.rows("SELECT state, moved_to FROM chats WHERE chat_id = ?", OLD) == [("moved", NEW)]
    assert bench.states(NEW) == {"a": "sent", "b": "pending", "c": "pending"}
    assert bench.rows("SELECT chat_id, number FROM subscriptions") == [(NEW, 1)]
    assert bench.rows("SELECT chat_id FROM notices UNION ALL SELECT chat_id FROM members") == [(NEW,), (NEW,)]
    # Message ids belong to the chat they were sent to.
    assert bench.rows("SELECT chat_id FROM posts") == [(OLD,)]
    assert chats.current_id(bench.db, OLD) == chats.current_id(bench.db, NEW) == NEW
    bench.poll(source_id, "d")
    assert bench.drain() == ["b", "c", "d"]
    assert bench.subscribe(bench.source("next"), NEW).number == 2


def test_a_repeated_signal_undoes_nothing_set_since(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=OLD)
    migrate(bench)
    bench.db.execute("UPDATE chats SET schedule = '{\"gap\": 1}', once = 'topic' WHERE chat_id = ?", (NEW,))
    subscribed = bench.subscribe(source_id, NEW)
    subscriptions.unsubscribe(bench.db, [subscribed.subscription_id], now_ms=bench.now_ms)
    before = bench.rows("SELECT * FROM chats ORDER BY chat_id")
    migrate(bench)
    assert bench.rows("SELECT * FROM chats ORDER BY chat_id") == before
    assert bench.rows("SELECT chat_id, state FROM subscriptions") == [(NEW, "removed")]


def test_signals_about_what_nobody_knows(bench: "Bench") -> None:
    migrate(bench)
    assert bench.rows("SELECT * FROM chats") == []
    bench.watch(chat_id=OLD)
    migrate(bench, OLD, OLD)
    assert bench.one("SELECT state FROM chats") == "active"


def test_what_waited_for_the_old_group_goes_on_in_the_new_one(bench: "Bench") -> None:
    bench.poll(bench.watch(chat_id=OLD), "a", "b")
    suspend(bench, OLD, reason="no_rights")
    migrate(bench)
    assert bench.states(NEW) == {"a": "pending", "b": "pending"}
    assert bench.drain() == ["a", "b"]


def test_a_new_chat_that_was_out_of_reach_is_not_any_more(bench: "Bench") -> None:
    bench.watch(chat_id=OLD)
    bench.poll(bench.watch("other", NEW), "a")
    suspend(bench, NEW, reason="not_found")
    migrate(bench)
    assert bench.states(NEW) == {"a": "pending"}


def test_a_send_under_way_ends_in_the_new_chat(bench: "Bench") -> None:
    bench.poll(bench.watch(chat_id=OLD), "a")
    delivery = bench.claim_one()
    post_id = bench.begin(delivery)
    migrate(bench)
    assert bench.receive(delivery, post_id, Uncertain(error="timeout"))
    assert bench.states(NEW) == {"a": "uncertain"}


def both_sides(bench: "Bench") -> None:
    """Let both ids watch sources of their own and one in common."""
    common = bench.source("common")
    for chat_id, name in ((OLD, "old"), (NEW, "new")):
        bench.subscribe(bench.source(name), chat_id)
        bench.subscribe(common, chat_id)


def test_of_two_subscriptions_of_one_source_the_new_chats_stays(bench: "Bench") -> None:
    both_sides(bench)
    migrate(bench)
    assert bench.rows(
        """SELECT chat_id, number, sources.url, subscriptions.state FROM subscriptions
        JOIN sources ON sources.id = source_id ORDER BY subscriptions.id"""
    ) == [
        # Its number was given away, so it takes the next one.
        (NEW, 3, "https://old.example/", "active"),
        (OLD, 2, "https://common.example/", "removed"),
        (NEW, 1, "https://new.example/", "active"),
        (NEW, 2, "https://common.example/", "active"),
    ]
    assert bench.subscribe(bench.source("next"), NEW).number == 4


def test_numbers_are_kept_where_they_are_free(bench: "Bench") -> None:
    for name in ("one", "two", "three"):
        bench.subscribe(bench.source(name), OLD)
    bench.subscribe(bench.source("other"), NEW)
    migrate(bench)
    assert bench.rows("SELECT number FROM subscriptions ORDER BY id") == [(4,), (2,), (3,), (1,)]


def test_a_subscription_that_only_the_old_chat_still_has_is_not_lost(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=OLD)
    gone = bench.subscribe(source_id, NEW, interval_s=60)
    subscriptions.unsubscribe(bench.db, [gone.subscription_id], now_ms=bench.now_ms)
    bench.poll(source_id, "a")
    migrate(bench)
    assert bench.states(NEW) == {"a": "pending"}
    assert bench.poll(source_id, "a", "b").queued == 1
    assert bench.states(NEW) == {"a": "pending", "b": "pending"}


RANKED = [["sent"], ["sending", "uncertain"], ["pending", "held"], ["dropped", "dead"]]
STATES = [state for rank in RANKED for state in rank]


@pytest.mark.parametrize("new_state", STATES)
@pytest.mark.parametrize("old_state", STATES)
def test_of_two_rows_of_one_link_the_stronger_stays(old_state: str, new_state: str, bench: "Bench") -> None:
    source_id = bench.watch(chat_id=OLD)
    bench.subscribe(source_id, NEW)
    bench.poll(source_id)
    bench.poll(source_id, "a")
    for chat_id, state in ((OLD, old_state), (NEW, new_state)):
        bench.db.execute("UPDATE queue SET state = ? WHERE chat_id = ?", (state, chat_id))
    migrate(bench)
    rank = {state: place for place, states in enumerate(RANKED) for state in states}
    stays = old_state if rank[old_state] < rank[new_state] else new_state
    assert bench.states(NEW) == {"a": stays}
    assert bench.states(OLD) == {"a": "dropped(merged)"}
    migrate(bench)
    assert bench.states(NEW) == {"a": stays}
    assert bench.states(OLD) == {"a": "dropped(merged)"}


@pytest.mark.parametrize("order", list(permutations(["moved_from", "moved_to", "post", "poll"])))
def test_signals_in_any_order_lose_and_repeat_nothing(order: tuple[str, ...], bench: "Bench") -> None:
    source_id = bench.watch(chat_id=OLD)
    bench.poll(source_id, "a", "b")
    sent: list[str] = []
    for step in order:
        bench.now_ms += 5000
        if step == "post":
            sent.append(bench.send().content.title.lower())
        elif step == "poll":
            bench.poll(source_id, *"abc")
        else:
            migrate(bench)
    bench.now_ms += 5000
    assert sent + bench.drain() == ["a", "b", "c"]
    assert bench.rows("SELECT chat_id, number, state FROM subscriptions") == [(NEW, 1, "active")]
