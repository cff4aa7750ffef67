"""The flood brake: when it holds, what it asks, and what the answers do."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store import brake

if TYPE_CHECKING:
    from core.protocol import SourceId
    from tests.store.conftest import Bench

ALERT = (1, 0)
HOUR_MS = 3_600_000
MANY = [f"m{number:02}" for number in range(21)]


@pytest.fixture
def known(bench: "Bench") -> "SourceId":
    source_id = bench.watch()
    bench.poll(source_id, "a")
    bench.now_ms += HOUR_MS
    return source_id


def held(bench: "Bench", chat_id: int = 10) -> int:
    return sum(state.startswith("held") for state in bench.states(chat_id).values())


def test_far_more_than_usual_is_held(bench: "Bench", known: "SourceId") -> None:
    bench.poll(known, "a", *MANY)
    assert held(bench) == 21
    assert bench.rows("SELECT DISTINCT reason FROM queue WHERE state = 'held'") == [("flood_brake",)]
    assert bench.states()["a"] == "pending"


def test_as_many_as_the_limit_pass(bench: "Bench", known: "SourceId") -> None:
    bench.poll(known, *MANY[:20])
    assert held(bench) == 0


def test_it_can_be_off(bench: "Bench", known: "SourceId") -> None:
    bench.polling = replace(bench.polling, flood_brake=0)
    bench.poll(known, *MANY)
    assert held(bench) == 0


def test_a_source_that_is_new_is_no_flood(bench: "Bench") -> None:
    source_id = bench.source()
    bench.subscribe(source_id, backlog="all")
    bench.poll(source_id, *MANY)
    assert held(bench) == 0


def test_a_newcomer_gets_the_backlog_that_it_asked_for(bench: "Bench", known: "SourceId") -> None:
    bench.subscribe(known, 11, backlog="all")
    bench.poll(known, *MANY)
    assert (held(bench, 10), held(bench, 11)) == (21, 0)


def test_a_busy_source_may_show_much_after_a_long_pause(bench: "Bench") -> None:
    source_id = bench.watch()
    for number in range(48):
        bench.now_ms += HOUR_MS
        bench.poll(source_id, f"u{number}")
    bench.now_ms += 10 * HOUR_MS
    bench.poll(source_id, *(f"n{number}" for number in range(30)))
    assert held(bench) == 0, "three times ten would be held"
    bench.now_ms += HOUR_MS
    bench.poll(source_id, *MANY)
    assert held(bench) == 21


def test_one_question_is_asked_for_all_sources(bench: "Bench", known: "SourceId") -> None:
    assert brake.ask(bench.db, alert=ALERT, now_ms=bench.now_ms) == 0
    bench.poll(known, *MANY)
    assert brake.ask(bench.db, alert=ALERT, now_ms=bench.now_ms) == 1
    assert brake.ask(bench.db, alert=ALERT, now_ms=bench.now_ms) == 0, "nothing has changed"
    other = bench.watch("other", 20)
    bench.poll(other, *(f"o{number}" for number in range(30)))
    assert brake.ask(bench.db, alert=ALERT, now_ms=bench.now_ms) == 1
    [(code, args, state)] = bench.notices()
    assert (code, state, args["links"], args["others"]) == ("flood.question", "pending", 51, 0)
    assert [count for _, count in args["sources"]] == [30, 21]


def test_posting_releases_what_the_question_was_about(bench: "Bench", known: "SourceId") -> None:
    bench.poll(known, *MANY)
    newest = bench.one("SELECT MAX(id) FROM queue")
    brake.ask(bench.db, alert=ALERT, now_ms=bench.now_ms)
    bench.poll(known, *(f"later{number}" for number in range(25)))
    assert brake.answer(bench.db, newest=newest, verdict="post", now_ms=bench.now_ms) == 21
    assert held(bench) == 25
    assert bench.drain() == ["a", *MANY], "in their own order"
    assert brake.answer(bench.db, newest=newest, verdict="post", now_ms=bench.now_ms) == 0
    assert [code for code, _, _ in bench.notices()] == ["flood.answered"]


def test_dropping_drops_with_a_reason(bench: "Bench", known: "SourceId") -> None:
    bench.poll(known, *MANY)
    newest = bench.one("SELECT MAX(id) FROM queue")
    brake.ask(bench.db, alert=ALERT, now_ms=bench.now_ms)
    assert brake.answer(bench.db, newest=newest, verdict="drop", now_ms=bench.now_ms) == 21
    assert bench.rows("SELECT COUNT(*) FROM queue WHERE state = 'dropped' AND reason = 'answered_drop'") == [
        (21,)
    ]
    bench.poll(known, *MANY)
    assert held(bench) == 0


def test_the_next_flood_is_a_new_message(bench: "Bench", known: "SourceId") -> None:
    bench.poll(known, *MANY)
    brake.ask(bench.db, alert=ALERT, now_ms=bench.now_ms)
    bench.db.execute("UPDATE notices SET state = 'spoken', message_id = 77")
    brake.answer(bench.db, newest=10**9, verdict="drop", now_ms=bench.now_ms)
    assert bench.one("SELECT message_id FROM notices") == 77, "the answer edits the question"
    bench.poll(known, *(f"again{number}" for number in range(25)))
    brake.ask(bench.db, alert=ALERT, now_ms=bench.now_ms)
    assert bench.rows("SELECT code, message_id FROM notices") == [("flood.question", None)]


def test_another_source_that_shows_a_held_link_sets_it_free(bench: "Bench", known: "SourceId") -> None:
    other = bench.watch("other")
    bench.poll(known, *MANY)
    bench.poll(other, MANY[3])
    assert bench.states()[MANY[3]] == "pending"
    assert held(bench) == 20
