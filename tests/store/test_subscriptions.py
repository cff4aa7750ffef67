"""Which place wants what: backlogs, new links, repeats, and ending a subscription."""

from typing import TYPE_CHECKING

import pytest

from core.protocol import Place, SubscriptionId
from store import chats, subscriptions, wishes
from store.checks import interval_of
from store.subscriptions import Subscribed

if TYPE_CHECKING:
    from tests.store.conftest import Bench


def once_per_topic(bench: "Bench", chat_id: int = 10) -> None:
    chats.ensure(bench.db, chat_id)
    bench.db.execute("UPDATE chats SET once = 'topic' WHERE chat_id = ?", (chat_id,))


def unsubscribe(bench: "Bench", *subscribed: Subscribed) -> int:
    ids = [each.subscription_id for each in subscribed]
    return subscriptions.unsubscribe(bench.db, ids, now_ms=bench.now_ms)


@pytest.mark.parametrize(
    ("backlog", "queued"),
    [("none", ""), ("1", "c"), ("2", "bc"), ("all", "abc"), ("12h", ""), ("2020-01-01", "")],
)
def test_the_first_sight_of_a_source_queues_what_the_backlog_says(
    backlog: str, queued: str, bench: "Bench"
) -> None:
    source_id = bench.source()
    subscribed = bench.subscribe(source_id, backlog=backlog)
    outcome = bench.poll(source_id, *"abc")
    assert (outcome.new, outcome.queued) == (3, len(queued))
    assert bench.states() == dict.fromkeys(queued, "pending")
    assert bench.verdicts(subscribed) == {name: "wanted" if name in queued else "backlog" for name in "abc"}
    assert bench.one("SELECT COUNT(*) FROM history WHERE state = 'ready'") == len(queued)
    assert bench.poll(source_id, *"abc").queued == 0


def test_what_is_new_after_that_is_wanted(bench: "Bench") -> None:
    source_id = bench.source()
    subscribed = bench.subscribe(source_id)
    bench.poll(source_id, "a")
    assert bench.poll(source_id, "a", "b", "c").queued == 2
    assert bench.states() == {"b": "pending", "c": "pending"}
    assert bench.verdicts(subscribed) == {"a": "backlog", "b": "wanted", "c": "wanted"}


def test_an_empty_source_counts_as_seen(bench: "Bench") -> None:
    source_id = bench.watch()
    assert bench.poll(source_id, "a").queued == 1


def test_a_failed_poll_does_not_count_as_seen(bench: "Bench") -> None:
    source_id = bench.source()
    bench.subscribe(source_id)
    bench.poll(source_id, status="failed")
    assert bench.poll(source_id, "a").queued == 0
    assert bench.poll(source_id, "a", "b").queued == 1


def test_new_links_reach_each_subscriber_once(bench: "Bench") -> None:
    source_id = bench.watch(chat_id=10)
    bench.subscribe(source_id, 11, backlog="all")
    bench.subscribe(source_id, 12)
    assert bench.poll(source_id, "a").queued == 2
    assert (bench.states(10), bench.states(11), bench.states(12)) == ({"a": "pending"}, {"a": "pending"}, {})
    assert bench.poll(source_id, "a", "b").queued == 3
    assert bench.poll(source_id, "a", "b").queued == 0


def test_a_link_that_comes_back_to_its_source_is_not_new(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    bench.poll(source_id)
    assert bench.poll(source_id, "a").queued == 0


def test_a_known_link_in_another_source_reaches_its_subscribers(bench: "Bench") -> None:
    one, other = bench.watch("one", 10), bench.watch("other", 11)
    bench.poll(one, "a")
    outcome = bench.poll(other, "a")
    assert (outcome.new, outcome.duplicates, outcome.queued) == (0, 1, 1)
    assert bench.states(11) == {"a": "pending"}


def test_one_link_by_two_sources_is_one_post_in_a_chat(bench: "Bench") -> None:
    one, other = bench.watch("one"), bench.source("other")
    second = bench.subscribe(other)
    bench.poll(other)
    bench.poll(one, "a")
    assert bench.poll(other, "a").queued == 0
    assert bench.one("SELECT COUNT(*) FROM queue") == 1
    assert bench.verdicts(second) == {"a": "repeat"}
    assert bench.drain() == ["a"]
    assert bench.poll(bench.watch("third"), "a").queued == 0


def test_once_in_a_chat_means_once_over_all_its_topics(bench: "Bench") -> None:
    source_id = bench.watch(topic_id=5)
    bench.subscribe(source_id, topic_id=6)
    bench.poll(source_id)
    assert bench.poll(source_id, "a").queued == 1


def test_once_in_a_topic_means_one_in_each(bench: "Bench") -> None:
    once_per_topic(bench)
    source_id = bench.watch(topic_id=5)
    bench.subscribe(source_id, topic_id=6)
    other = bench.watch("other", topic_id=6)
    bench.poll(source_id)
    assert bench.poll(source_id, "a").queued == 2
    assert bench.poll(other, "a").queued == 0
    assert bench.rows("SELECT topic_id FROM queue ORDER BY topic_id") == [(5,), (6,)]


def test_wishes_of_a_suspended_chat_are_held_from_the_start(bench: "Bench") -> None:
    source_id = bench.watch()
    chats.suspend(bench.db, 10, reason="blocked", alert=None, now_ms=bench.now_ms)
    assert bench.poll(source_id, "a").queued == 1
    assert bench.states() == {"a": "held(suspended)"}


def test_wishes_of_a_suspended_topic_are_held_from_the_start(bench: "Bench") -> None:
    closed, opened = bench.watch("closed", topic_id=5), bench.watch("opened", topic_id=6)
    chats.suspend_topic(bench.db, 10, 5, reason="topic_closed", now_ms=bench.now_ms)
    bench.poll(closed, "a")
    bench.poll(opened, "b")
    assert bench.states() == {"a": "held(topic_suspended)", "b": "pending"}


def test_numbers_are_given_once(bench: "Bench") -> None:
    first = bench.subscribe(bench.source("one"))
    second = bench.subscribe(bench.source("two"))
    unsubscribe(bench, second)
    third = bench.subscribe(bench.source("three"))
    elsewhere = bench.subscribe(bench.source("one"), 11)
    assert [first.number, second.number, third.number, elsewhere.number] == [1, 2, 3, 1]


def test_subscribing_again_changes_the_interval_only(bench: "Bench") -> None:
    source_id = bench.source()
    first = bench.subscribe(source_id, interval_s=300)
    again = bench.subscribe(source_id, backlog="all")
    assert (again.subscription_id, again.number, again.created) == (first.subscription_id, 1, False)
    assert bench.rows("SELECT interval_s, backlog FROM subscriptions") == [(300, "none")]
    bench.subscribe(source_id, interval_s=900)
    assert bench.one("SELECT interval_s FROM subscriptions") == 900


def test_a_removed_subscription_comes_back_under_its_number(bench: "Bench") -> None:
    source_id = bench.source()
    first = bench.subscribe(source_id)
    bench.poll(source_id, "a", "b")
    unsubscribe(bench, first)
    back = bench.subscribe(source_id, backlog="1")
    assert (back.subscription_id, back.number, back.created) == (first.subscription_id, first.number, True)
    assert bench.poll(source_id, "a", "b").queued == 1
    assert bench.states() == {"b": "pending"}
    assert bench.verdicts(back) == {"a": "backlog", "b": "wanted"}


def test_the_least_interval_counts_but_never_less_than_allowed(bench: "Bench") -> None:
    source_id = bench.source()

    def least_s() -> float:
        return interval_of(bench.db, source_id, bench.polling, now_ms=bench.now_ms).seconds

    assert least_s() == 600
    slow = bench.subscribe(source_id, 10, interval_s=3600)
    assert least_s() == 3600
    bench.subscribe(source_id, 11)
    assert least_s() == 600
    quick = bench.subscribe(source_id, 12, interval_s=5)
    assert least_s() == 60
    unsubscribe(bench, quick, slow)
    assert least_s() == 600


def test_ending_a_subscription_drops_what_waits_visibly(bench: "Bench") -> None:
    source_id = bench.source()
    subscribed = bench.subscribe(source_id, backlog="all")
    bench.poll(source_id, *"abc")
    bench.send()
    bench.now_ms += 5000
    begun = bench.claim_one()
    bench.begin(begun)
    assert unsubscribe(bench, subscribed) == 1
    assert bench.states() == {"a": "sent", "b": "sending", "c": "dropped(unsubscribed)"}
    assert unsubscribe(bench, subscribed) == 0


def test_a_source_without_subscribers_rests(bench: "Bench") -> None:
    source_id = bench.source()
    first, second = bench.subscribe(source_id, 10), bench.subscribe(source_id, 11)
    bench.poll(source_id)
    unsubscribe(bench, first)
    assert bench.one("SELECT state FROM sources") == "active"
    unsubscribe(bench, second)
    assert bench.one("SELECT state FROM sources") == "paused"
    # What an answer under way still brings is noted, and nobody's.
    assert bench.poll(source_id, "a").queued == 0
    assert bench.one("SELECT state FROM sources") == "paused"


@pytest.mark.parametrize("held", [False, True])
def test_a_link_that_another_subscription_wants_too_passes_on_to_it(held: bool, bench: "Bench") -> None:
    one, other = bench.source("one"), bench.source("other")
    first, second = bench.subscribe(one), bench.subscribe(other)
    for source_id in (one, other):
        bench.poll(source_id)
    if held:
        chats.suspend(bench.db, 10, reason="blocked", alert=None, now_ms=bench.now_ms)
    bench.poll(one, "a", "b")
    bench.poll(other, "a")
    unsubscribe(bench, first)
    assert bench.states() == {
        "a": "held(suspended)" if held else "pending",
        "b": "dropped(unsubscribed)",
    }
    unsubscribe(bench, second)
    assert bench.states() == {"a": "dropped(unsubscribed)", "b": "dropped(unsubscribed)"}


def test_a_link_passes_on_into_the_topic_of_its_new_owner(bench: "Bench") -> None:
    source_id = bench.source()
    first, second = bench.subscribe(source_id, topic_id=5), bench.subscribe(source_id, topic_id=6)
    bench.poll(source_id)
    chats.suspend_topic(bench.db, 10, 5, reason="topic_closed", now_ms=bench.now_ms)
    bench.poll(source_id, "a")
    assert bench.rows("SELECT topic_id, state FROM queue") == [(5, "held")]
    unsubscribe(bench, first)
    assert bench.rows("SELECT topic_id, state, subscription_id FROM queue") == [
        (6, "pending", second.subscription_id)
    ]


def test_ending_both_at_once_leaves_nothing_waiting(bench: "Bench") -> None:
    one, other = bench.source("one"), bench.source("other")
    both = bench.subscribe(one), bench.subscribe(other)
    for source_id in (one, other):
        bench.poll(source_id)
    for source_id in (one, other):
        bench.poll(source_id, "a")
    unsubscribe(bench, *both)
    assert bench.states() == {"a": "dropped(unsubscribed)"}


def test_what_was_dropped_unsent_can_be_wanted_again(bench: "Bench") -> None:
    source_id = bench.source()
    subscribed = bench.subscribe(source_id, backlog="all")
    bench.poll(source_id, "a", "b")
    unsubscribe(bench, subscribed)
    bench.subscribe(source_id, backlog="1")
    assert bench.poll(source_id, "a", "b").queued == 1
    assert bench.states() == {"a": "dropped(unsubscribed)", "b": "pending"}
    assert bench.drain() == ["b"]


def test_what_may_have_been_sent_is_not_wanted_again(bench: "Bench") -> None:
    source_id = bench.source()
    subscribed = bench.subscribe(source_id, backlog="all")
    bench.poll(source_id, "a")
    bench.begin(bench.claim_one())
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'uncertain', lease_owner = NULL")
    unsubscribe(bench, subscribed)
    assert bench.states() == {"a": "dropped(unsubscribed)"}
    bench.subscribe(source_id, backlog="all")
    assert bench.poll(source_id, "a").queued == 0
    assert bench.states() == {"a": "dropped(unsubscribed)"}


def test_the_newest_can_be_sent_by_hand(bench: "Bench") -> None:
    source_id = bench.source()
    subscribed = bench.subscribe(source_id)

    def send_newest() -> bool:
        return wishes.send_newest(bench.db, subscribed.subscription_id, now_ms=bench.now_ms)

    assert not send_newest()
    bench.poll(source_id, *"abc")
    assert send_newest()
    assert not send_newest()
    assert bench.states() == {"c": "pending"}
    bench.now_ms += 1
    bench.poll(source_id, "a", "d")
    assert wishes.newest_of(bench.db, subscribed.subscription_id) == 4
    unsubscribe(bench, subscribed)
    assert not send_newest()
    assert not wishes.send_newest(bench.db, SubscriptionId(99), now_ms=bench.now_ms)


def test_options_of_a_subscription_travel_with_its_posts(bench: "Bench") -> None:
    source_id = bench.watch(topic_id=7)
    bench.db.execute("UPDATE subscriptions SET title = 'My words', silent = 1, preview = 0")
    bench.poll(source_id, "a")
    delivery = bench.claim_one()
    assert delivery.place == Place(chat_id=10, topic_id=7)
    assert (delivery.content.source_title, delivery.silent, delivery.preview) == ("My words", True, False)


def test_a_document_that_breaks_off_is_no_first_sight(bench: "Bench") -> None:
    source_id = bench.source()
    mine = bench.subscribe(source_id, backlog="1")
    assert bench.poll(source_id, "a", "b", complete=False).queued == 0
    assert bench.states() == {}
    bench.poll(source_id, "z", "a", "b", "c")
    assert bench.states() == {"c": "pending"}, "the backlog is chosen from the whole"
    assert bench.verdicts(mine) == {"a": "backlog", "b": "backlog", "z": "backlog", "c": "wanted"}


def test_a_document_that_always_breaks_off_is_taken_as_it_is(bench: "Bench") -> None:
    source_id = bench.source()
    bench.subscribe(source_id)
    for _ in range(3):
        assert bench.one("SELECT primed_ms FROM subscriptions") is None
        bench.poll(source_id, "a", complete=False)
    assert bench.one("SELECT primed_ms FROM subscriptions") == bench.now_ms
    bench.poll(source_id, "a", "b", complete=False)
    assert bench.states() == {"b": "pending"}


def test_a_document_that_breaks_off_later_is_news_as_far_as_it_goes(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", complete=False)
    bench.poll(source_id, "b", "a")
    assert bench.states() == {"a": "pending", "b": "pending"}


def test_a_newcomer_waits_where_only_the_news_are_told(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a", "b")
    newcomer = bench.subscribe(source_id, 11, backlog="all")
    bench.poll(source_id, "c", known=2)
    assert bench.states(11) == {}
    assert bench.one("SELECT next_check_ms FROM sources") == bench.now_ms, "asked again at once"
    bench.poll(source_id, "a", "b", "c")
    assert bench.states(11) == dict.fromkeys("abc", "pending")
    assert bench.verdicts(newcomer) == dict.fromkeys("abc", "wanted")
    assert bench.states(10) == dict.fromkeys("abc", "pending")
