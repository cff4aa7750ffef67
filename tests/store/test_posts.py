"""Beginning to send, and every way in which that ends."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from core.protocol import (
    ChatMoved,
    Deferred,
    NotSent,
    Owner,
    Place,
    PlaceSuspended,
    PostId,
    QueueId,
    Receipt,
    Rejected,
    SendOutcome,
    Sent,
    Uncertain,
)
from store import chats, posts

if TYPE_CHECKING:
    from tests.store.conftest import Bench

OUTCOMES: list[SendOutcome] = [
    Sent(message_ids=(7,)),
    Deferred(retry_after_s=5),
    Uncertain(error="timeout"),
    NotSent(error="no network", retry_after_s=5),
    Rejected(error="Bad Request: no"),
    PlaceSuspended(reason="blocked"),
    PlaceSuspended(reason="topic_closed", topic_only=True),
    ChatMoved(new_chat_id=-1_000_000_000_010),
]


@pytest.fixture
def queued(bench: "Bench") -> "Bench":
    bench.poll(bench.watch(), "a", "b")
    return bench


def test_beginning_is_committed_before_the_request(queued: "Bench") -> None:
    queued.db.execute("UPDATE chats SET highest_message_id = 41")
    delivery = queued.claim_one()
    post_id = queued.begin(delivery)
    assert queued.rows("SELECT state, attempts, post_id, lease_owner FROM queue WHERE id = 1") == [
        ("sending", 1, post_id, "boot/1")
    ]
    assert queued.rows(
        "SELECT kind, chat_id, topic_id, fingerprint, known_before, owner, started_ms FROM posts"
    ) == [("link", 10, 0, "print", 41, "boot/1", queued.now_ms)]
    assert queued.one("SELECT last_send_ms FROM chats WHERE chat_id = 10") == queued.now_ms


def test_beginning_twice_is_refused(queued: "Bench") -> None:
    delivery = queued.claim_one()
    queued.begin(delivery)
    assert queued.begin(delivery) is None
    assert queued.one("SELECT COUNT(*) FROM posts") == 1
    assert queued.states()["a"] == "sending"


def test_what_is_not_ours_is_not_begun(queued: "Bench") -> None:
    delivery = queued.claim_one()
    assert queued.begin(delivery, Owner(boot_id="boot", incarnation=2)) is None
    assert queued.one("SELECT lease_owner FROM queue WHERE id = 1") == "boot/1"
    queued.db.execute("UPDATE queue SET lease_owner = NULL")
    assert queued.begin(delivery) is None
    assert queued.begin(replace(delivery, queue_id=QueueId(99))) is None
    assert queued.one("SELECT COUNT(*) FROM posts") == 0


@pytest.mark.parametrize("state", ["held", "dropped", "sent", "uncertain", "dead"])
def test_what_is_not_pending_any_more_is_not_begun(state: str, queued: "Bench") -> None:
    delivery = queued.claim_one()
    queued.db.execute("UPDATE queue SET state = ? WHERE id = 1", (state,))
    assert queued.begin(delivery) is None
    assert queued.rows("SELECT state, lease_owner FROM queue WHERE id = 1") == [(state, None)]


def test_a_chat_suspended_meanwhile_gets_nothing(queued: "Bench") -> None:
    delivery = queued.claim_one()
    queued.now_ms += 5
    chats.suspend(queued.db, 10, reason="blocked", alert=None, now_ms=queued.now_ms)
    assert queued.states() == {"a": "pending", "b": "held(suspended)"}
    assert queued.begin(delivery) is None
    assert queued.states() == {"a": "held(suspended)", "b": "held(suspended)"}
    # Both wait for the chat as long as it is out of reach, not as long as they exist.
    assert queued.rows("SELECT DISTINCT state_ms, lease_owner FROM queue") == [(queued.now_ms, None)]


def test_a_chat_moved_meanwhile_gets_its_post_under_its_new_id(queued: "Bench") -> None:
    delivery = queued.claim_one()
    chats.migrate(queued.db, old_id=10, new_id=-1_000_000_000_010, now_ms=queued.now_ms)
    assert queued.begin(delivery) is None
    assert queued.claim_one().place == Place(chat_id=-1_000_000_000_010)


def test_claimed_and_not_begun_goes_back(queued: "Bench") -> None:
    delivery = queued.claim_one()
    posts.give_back(queued.db, delivery, owner=Owner(boot_id="boot", incarnation=2), now_ms=queued.now_ms)
    assert queued.claim().deliveries == ()
    posts.give_back(queued.db, delivery, owner=queued.me, now_ms=queued.now_ms)
    assert queued.claim_one() == delivery


def test_what_was_begun_cannot_be_given_back(queued: "Bench") -> None:
    delivery = queued.claim_one()
    queued.begin(delivery)
    posts.give_back(queued.db, delivery, owner=queued.me, now_ms=queued.now_ms)
    assert queued.rows("SELECT state, lease_owner FROM queue WHERE id = 1") == [("sending", "boot/1")]


def test_sent(queued: "Bench") -> None:
    queued.send(Sent(message_ids=(55, 57, 56)))
    assert queued.states() == {"a": "sent", "b": "pending"}
    assert queued.rows("SELECT message_id, lease_owner, attempts FROM queue WHERE id = 1") == [(55, None, 1)]
    assert queued.rows("SELECT message_ids, outcome, ended_ms FROM posts") == [
        ("[55, 57, 56]", "sent", queued.now_ms)
    ]
    assert queued.one("SELECT highest_message_id FROM chats WHERE chat_id = 10") == 57


def test_deferred_counts_no_attempt(queued: "Bench") -> None:
    queued.send(Deferred(retry_after_s=30))
    assert queued.states()["a"] == "pending"
    assert queued.rows("SELECT attempts, not_before_ms FROM queue WHERE id = 1") == [(0, 0)]
    assert queued.rows("SELECT flood_from_ms, flood_until_ms FROM chats WHERE chat_id = 10") == [
        (queued.now_ms, queued.now_ms + 30_000)
    ]


def test_uncertain(queued: "Bench") -> None:
    queued.send(Uncertain(error="timeout"))
    assert queued.states() == {"a": "uncertain", "b": "pending"}
    assert queued.one("SELECT outcome FROM posts") == "uncertain"


def test_not_sent_is_tried_again_after_its_wait(queued: "Bench") -> None:
    queued.send(NotSent(error="no network", retry_after_s=5))
    assert queued.states() == {"a": "pending", "b": "pending"}
    queued.now_ms += 5000
    delivery = queued.claim_one()
    assert (delivery.content.title, delivery.attempt) == ("A", 2)


def test_not_sent_without_a_wait(queued: "Bench") -> None:
    queued.send(NotSent(error="stopped"))
    queued.now_ms += 1000
    assert queued.claim_one().content.title == "A"


def test_refused_once_it_is_tried_as_plain_text_refused_twice_it_is_dead(queued: "Bench") -> None:
    queued.send(Rejected(error="Bad Request: can't parse"))
    assert queued.states()["a"] == "pending"
    queued.now_ms += 1000
    again = queued.send(Rejected(error="Bad Request: still not"))
    assert (again.content.title, again.plain) == ("A", True)
    assert queued.states() == {"a": "dead(rejected: Bad Request: still not)", "b": "pending"}
    queued.now_ms += 1000
    assert not queued.claim_one().plain


def test_a_chat_out_of_reach_is_suspended_with_all_that_waits(queued: "Bench") -> None:
    queued.send(PlaceSuspended(reason="kicked"))
    assert queued.states() == {"a": "held(suspended)", "b": "held(suspended)"}
    assert queued.rows("SELECT state, state_reason FROM chats WHERE chat_id = 10") == [
        ("suspended", "kicked")
    ]
    assert queued.notices() == [("chat.suspended", {"chat": "10", "reason": "kicked"}, "pending")]


def test_a_closed_topic_leaves_the_rest_of_the_chat(bench: "Bench") -> None:
    bench.poll(bench.watch("closed", -10, 5), "a", "b")
    bench.poll(bench.watch("open", -10, 6), "c")
    bench.send(PlaceSuspended(reason="topic_closed", topic_only=True))
    assert bench.states(-10) == {"a": "held(topic_suspended)", "b": "held(topic_suspended)", "c": "pending"}
    assert bench.notices() == []


def test_a_moved_chat_takes_its_posts_along(queued: "Bench") -> None:
    queued.send(ChatMoved(new_chat_id=-1_000_000_000_010))
    assert queued.states() == {}
    assert queued.states(-1_000_000_000_010) == {"a": "pending", "b": "pending"}
    assert queued.one("SELECT attempts FROM queue WHERE id = 1") == 0
    assert queued.drain() == ["a", "b"]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_a_receipt_counts_once(outcome: SendOutcome, queued: "Bench") -> None:
    delivery = queued.claim_one()
    post_id = queued.begin(delivery)
    assert queued.receive(delivery, post_id, outcome)
    before = [queued.rows(f"SELECT * FROM {table}") for table in ("queue", "posts", "chats", "notices")]
    queued.now_ms += 5
    assert not queued.receive(delivery, post_id, outcome)
    assert [
        queued.rows(f"SELECT * FROM {table}") for table in ("queue", "posts", "chats", "notices")
    ] == before


def test_a_confirmation_settles_a_doubt(queued: "Bench") -> None:
    delivery = queued.claim_one()
    post_id = queued.begin(delivery)
    queued.receive(delivery, post_id, Uncertain(error="timeout"))
    assert queued.receive(delivery, post_id, Sent(message_ids=(7,)))
    assert queued.states()["a"] == "sent"


def test_a_confirmation_settles_a_question(queued: "Bench") -> None:
    delivery = queued.claim_one()
    post_id = queued.begin(delivery)
    queued.db.execute(
        "UPDATE queue SET state = 'held', reason = 'uncertain', lease_owner = NULL WHERE id = 1"
    )
    assert queued.receive(delivery, post_id, Sent(message_ids=(7,)))
    assert queued.states()["a"] == "sent"


@pytest.mark.parametrize("outcome", OUTCOMES[1:], ids=lambda outcome: type(outcome).__name__)
def test_nothing_but_a_confirmation_settles_a_doubt(outcome: SendOutcome, queued: "Bench") -> None:
    delivery = queued.claim_one()
    post_id = queued.begin(delivery)
    queued.receive(delivery, post_id, Uncertain(error="timeout"))
    assert not queued.receive(delivery, post_id, outcome)
    assert queued.states()["a"] == "uncertain"


def test_a_receipt_of_an_earlier_try_changes_nothing(queued: "Bench") -> None:
    first = queued.claim_one()
    earlier = queued.begin(first)
    queued.receive(first, earlier, NotSent(error="no network"))
    queued.now_ms += 1000
    second = queued.claim_one()
    later = queued.begin(second)
    assert earlier != later
    assert not queued.receive(first, earlier, Sent(message_ids=(7,)))
    assert queued.states()["a"] == "sending"


def test_a_receipt_of_nothing(bench: "Bench") -> None:
    receipt = Receipt(queue_id=QueueId(99), post_id=PostId(99), chat_id=10, outcome=Sent(message_ids=(1,)))
    assert not posts.record_receipt(bench.db, receipt, now_ms=bench.now_ms, alert=None)
