"""Posts of which nobody knows whether they arrived."""

from typing import TYPE_CHECKING, Literal

import pytest

from core.protocol import Uncertain
from core.uncertainty import UncertainAfter, UncertainPolicy
from store import doubts

if TYPE_CHECKING:
    from tests.store.conftest import Bench

HOUR_MS = 3_600_000


def policy(
    on_uncertain: Literal["ask", "resend", "drop"] = "ask", then: Literal["drop", "resend"] = "drop"
) -> UncertainPolicy:
    return UncertainPolicy(on_uncertain=on_uncertain, after=UncertainAfter(wait_s=86_400, then=then))


def settle(bench: "Bench", how: UncertainPolicy) -> int:
    return doubts.settle(bench.db, policy=how, alert=bench.alert, now_ms=bench.now_ms)


@pytest.fixture
def doubted(bench: "Bench") -> "Bench":
    """Bring one post in doubt, with another one behind it."""
    bench.poll(bench.watch(), "a", "b")
    bench.send(Uncertain(error="timeout"))
    return bench


def test_nothing_in_doubt(bench: "Bench") -> None:
    assert settle(bench, policy()) == 0


def test_a_question_is_asked_once(doubted: "Bench") -> None:
    doubted.db.execute("UPDATE chats SET title = 'News' WHERE chat_id = 10")
    assert settle(doubted, policy()) == 1
    assert doubted.states() == {"a": "held(uncertain)", "b": "pending"}
    assert doubted.notices() == [
        (
            "uncertain.question",
            {
                "chat": "News",
                "title": "A",
                "host": "links.example",
                "queue_id": 1,
                "then": "drop",
                "wait_s": 86_400.0,
            },
            "pending",
        )
    ]
    assert settle(doubted, policy()) == 0
    assert len(doubted.notices()) == 1


def test_a_question_that_nobody_can_hear_is_not_asked(doubted: "Bench") -> None:
    doubted.alert = None
    assert settle(doubted, policy()) == 0
    assert doubted.states()["a"] == "held(uncertain)"
    assert doubted.notices() == []


def test_dropping_at_once(doubted: "Bench") -> None:
    assert settle(doubted, policy("drop")) == 0
    assert doubted.states() == {"a": "dropped(uncertain)", "b": "pending"}


def test_sending_again_after_a_minute_with_a_note(doubted: "Bench") -> None:
    doubted.now_ms += 59_999
    settle(doubted, policy("resend"))
    assert doubted.states()["a"] == "uncertain"
    doubted.now_ms += 1
    settle(doubted, policy("resend"))
    delivery = doubted.claim_one()
    assert (delivery.content.title, delivery.content.note, delivery.attempt) == ("A", "perhaps_repeated", 2)


def test_a_doubt_of_the_future_does_not_wait_for_it(doubted: "Bench") -> None:
    doubted.now_ms -= 1000 * HOUR_MS
    settle(doubted, policy("resend"))
    assert doubted.states()["a"] == "pending"


@pytest.mark.parametrize(("then", "state"), [("drop", "dropped(uncertain_expired)"), ("resend", "pending")])
def test_an_unanswered_question(then: Literal["drop", "resend"], state: str, doubted: "Bench") -> None:
    settle(doubted, policy(then=then))
    doubted.now_ms += 24 * HOUR_MS - 1
    settle(doubted, policy(then=then))
    assert doubted.states()["a"] == "held(uncertain)"
    doubted.now_ms += 1
    settle(doubted, policy(then=then))
    assert doubted.states()["a"] == state
    note = None if then == "drop" else "perhaps_repeated"
    assert doubted.one("SELECT note FROM queue WHERE id = 1") == note
    assert not doubts.answer(doubted.db, queue_id=1, verdict="sent", now_ms=doubted.now_ms)


@pytest.mark.parametrize(
    ("verdict", "state", "note"),
    [("sent", "sent(answered_posted)", None), ("again", "pending", "perhaps_repeated")],
)
def test_an_answer_by_a_person(verdict: str, state: str, note: str | None, doubted: "Bench") -> None:
    settle(doubted, policy())
    assert doubts.answer(doubted.db, queue_id=1, verdict=verdict, now_ms=doubted.now_ms)
    assert doubted.states()["a"] == state
    assert doubted.one("SELECT note FROM queue WHERE id = 1") == note
    [(code, args, notice_state)] = doubted.notices()
    assert (code, args["verdict"], notice_state) == ("uncertain.answered", verdict, "pending")
    assert not doubts.answer(doubted.db, queue_id=1, verdict=verdict, now_ms=doubted.now_ms)
    assert doubted.states()["a"] == state


def test_an_answer_to_what_was_never_asked(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    for queue_id in (1, 99):
        assert not doubts.answer(bench.db, queue_id=queue_id, verdict="sent", now_ms=bench.now_ms)
    assert bench.states() == {"a": "pending"}


def test_a_second_doubt_is_a_second_question(doubted: "Bench") -> None:
    settle(doubted, policy())
    doubts.answer(doubted.db, queue_id=1, verdict="again", now_ms=doubted.now_ms)
    doubted.now_ms += 1000
    doubted.send(Uncertain(error="timeout"))
    assert settle(doubted, policy()) == 1
    assert [code for code, _, _ in doubted.notices()] == ["uncertain.answered", "uncertain.question"]


def test_what_is_held_for_another_reason_is_not_settled(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.db.execute("UPDATE queue SET state = 'held', reason = 'suspended', state_ms = 0")
    settle(bench, policy(then="resend"))
    assert bench.states() == {"a": "held(suspended)"}
    assert not doubts.answer(bench.db, queue_id=1, verdict="again", now_ms=bench.now_ms)
