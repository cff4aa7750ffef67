"""Links that wait for somebody to say that they may be posted."""

from typing import TYPE_CHECKING

import pytest

from store import approvals, chats, options

if TYPE_CHECKING:
    from tests.store.conftest import Bench


@pytest.fixture
def asked(bench: "Bench") -> "Bench":
    """Let a source need approval, and ask about two of its links."""
    source_id = bench.watch()
    options.change(bench.db, chat_id=10, number=1, changes=[("approve", True)], now_ms=bench.now_ms)
    bench.poll(source_id, "a", "b")
    assert approvals.ask(bench.db, alert=(1, 0), now_ms=bench.now_ms) == 2
    return bench


def answer(bench: "Bench", verdict: str, queue_id: int = 1) -> bool:
    return approvals.answer(bench.db, queue_id=queue_id, verdict=verdict, by="Ann", now_ms=bench.now_ms)


def test_each_link_is_asked_about_once(asked: "Bench") -> None:
    assert asked.states() == {"a": "held(approval)", "b": "held(approval)"}
    assert [(code, args["queue_id"]) for code, args, _ in asked.notices()] == [
        ("approval.question", 1),
        ("approval.question", 2),
    ]
    assert approvals.ask(asked.db, alert=(1, 0), now_ms=asked.now_ms) == 0


@pytest.mark.parametrize(("verdict", "state"), [("publish", "pending"), ("drop", "dropped(answered_drop)")])
def test_the_first_answer_counts(asked: "Bench", verdict: str, state: str) -> None:
    assert answer(asked, verdict)
    assert asked.states() == {"a": state, "b": "held(approval)"}
    for later in ("publish", "drop"):
        assert not answer(asked, later)
    assert asked.states()["a"] == state
    code, args, _ = asked.notices()[0]
    assert (code, args["verdict"], args["by"]) == ("approval.answered", verdict, "Ann")


def test_what_may_be_posted_waits_for_a_chat_out_of_reach(asked: "Bench") -> None:
    chats.suspend(asked.db, 10, reason="blocked", alert=None, now_ms=asked.now_ms)
    chats.resume(asked.db, 10, now_ms=asked.now_ms)
    assert asked.states()["a"] == "held(approval)", "coming back is no approval"
    chats.suspend(asked.db, 10, reason="blocked", alert=None, now_ms=asked.now_ms)
    assert answer(asked, "publish")
    assert asked.states()["a"] == "held(suspended)"


def test_an_answer_about_nothing(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    assert not answer(bench, "drop")
    assert not answer(bench, "publish", queue_id=99)
    assert bench.states() == {"a": "pending"}
    assert (approvals.chat_of(bench.db, 1), approvals.chat_of(bench.db, 99)) == (10, None)
