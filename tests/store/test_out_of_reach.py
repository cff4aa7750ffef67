"""Chats out of reach: tried once more after a day, and what waited 30 days is told of once."""

from typing import TYPE_CHECKING

import pytest

from core.protocol import PlaceSuspended
from store import chats, out_of_reach

if TYPE_CHECKING:
    from tests.store.conftest import Bench

DAY_MS = 86_400_000


@pytest.fixture
def lost(bench: "Bench") -> "Bench":
    """Suspend a chat that is not found, with one post waiting."""
    bench.poll(bench.watch(), "a")
    bench.send(PlaceSuspended(reason="not_found"))
    return bench


def test_a_chat_that_is_not_found_is_tried_once_after_a_day(lost: "Bench") -> None:
    lost.now_ms += DAY_MS - 1
    assert out_of_reach.retry(lost.db, now_ms=lost.now_ms) == 0
    lost.now_ms += 1
    assert out_of_reach.retry(lost.db, now_ms=lost.now_ms) == 1
    assert lost.states() == {"a": "pending"}
    told = lost.notices()
    lost.send(PlaceSuspended(reason="not_found"))
    assert lost.states() == {"a": "held(suspended)"}
    assert lost.notices() == told, "the owner knows"
    lost.now_ms += 10 * DAY_MS
    assert out_of_reach.retry(lost.db, now_ms=lost.now_ms) == 0


def test_a_chat_that_came_back_may_be_tried_again(lost: "Bench") -> None:
    lost.now_ms += DAY_MS
    out_of_reach.retry(lost.db, now_ms=lost.now_ms)
    chats.suspend(lost.db, 10, reason="not_found", alert=None, now_ms=lost.now_ms)
    chats.resume(lost.db, 10, now_ms=lost.now_ms)
    chats.suspend(lost.db, 10, reason="not_found", alert=lost.alert, now_ms=lost.now_ms)
    lost.now_ms += DAY_MS
    assert out_of_reach.retry(lost.db, now_ms=lost.now_ms) == 1


def test_other_reasons_are_not_tried_again(bench: "Bench") -> None:
    bench.poll(bench.watch(), "a")
    bench.send(PlaceSuspended(reason="blocked"))
    bench.now_ms += 2 * DAY_MS
    assert out_of_reach.retry(bench.db, now_ms=bench.now_ms) == 0


def test_what_waited_for_30_days_is_dropped_and_told_of_once(lost: "Bench") -> None:
    lost.now_ms += 30 * DAY_MS
    assert out_of_reach.expire(lost.db, alert=lost.alert, now_ms=lost.now_ms) == 1
    assert lost.states() == {"a": "dropped(chat_expired)"}
    assert out_of_reach.expire(lost.db, alert=lost.alert, now_ms=lost.now_ms) == 0
    told = [args for code, args, _ in lost.notices() if code == "chat.expired"]
    assert told == [{"chat": "10", "reason": "not_found", "count": 1}]
    lost.poll(lost.source(), "b", "c")
    lost.now_ms += 30 * DAY_MS
    assert out_of_reach.expire(lost.db, alert=lost.alert, now_ms=lost.now_ms) == 2
    told = [args for code, args, _ in lost.notices() if code == "chat.expired"]
    assert told == [{"chat": "10", "reason": "not_found", "count": 3}]
