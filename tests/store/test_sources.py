"""Sources: handing out what is due, and recording what a poll found."""

from typing import TYPE_CHECKING

import pytest

from core.protocol import PollOutcome, PollStatus, SourceId, Validators
from store import sources, subscriptions

if TYPE_CHECKING:
    from tests.store.conftest import Bench

MINUTE_MS = 60_000
UNREAD: tuple[PollStatus, ...] = ("failed", "not_modified", "gone")


def next_check(bench: "Bench", source_id: SourceId) -> tuple[int, str]:
    [(at_ms, reason)] = bench.rows(
        "SELECT next_check_ms, next_check_reason FROM sources WHERE id = ?", source_id
    )
    return at_ms - bench.now_ms, reason


def test_a_source_exists_once(bench: "Bench") -> None:
    first = bench.source("one")
    assert bench.source("one") == first
    assert bench.source("two") != first
    other_rules = sources.upsert(
        bench.db, kind="feed", url="https://one.example/", now_ms=bench.now_ms, rules='{"select": "a"}'
    )
    assert other_rules != first
    assert next_check(bench, first) == (0, "new")


def test_a_resting_source_that_is_wanted_again_is_due_at_once(bench: "Bench") -> None:
    source_id = bench.source()
    subscribed = bench.subscribe(source_id)
    bench.poll(source_id)
    subscriptions.unsubscribe(bench.db, [subscribed.subscription_id], now_ms=bench.now_ms)
    assert bench.one("SELECT state FROM sources") == "paused"
    bench.now_ms += MINUTE_MS
    assert bench.claim_sources() == []
    assert bench.source() == source_id
    assert bench.one("SELECT state FROM sources") == "active"
    assert bench.claim_sources() == [source_id]


def test_an_active_source_keeps_its_time_when_it_is_wanted_again(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.now_ms += MINUTE_MS
    bench.source()
    assert next_check(bench, source_id) == (9 * MINUTE_MS, "interval")


def test_an_unchanged_answer_for_somebody_new_is_asked_again_at_once(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    newcomer = bench.subscribe(source_id, 11, backlog="all")
    bench.poll(source_id, status="not_modified")
    assert next_check(bench, source_id) == (0, "interval")
    assert bench.claim_sources() == [source_id]
    bench.poll(source_id, "a")
    assert bench.states(11) == {"a": "pending"}
    assert bench.verdicts(newcomer) == {"a": "wanted"}
    assert next_check(bench, source_id) == (10 * MINUTE_MS, "interval")


def test_a_clock_that_jumped_back_stops_no_source(bench: "Bench") -> None:
    waiting, leased = bench.source("waiting"), bench.source("leased")
    bench.db.execute("UPDATE sources SET next_check_ms = ? WHERE id = ?", (bench.now_ms + 1, waiting))
    assert bench.claim_sources() == [leased]
    bench.now_ms -= 365 * 86_400_000
    assert bench.claim_due(set_back=False).due == ()
    assert sorted(bench.claim_sources()) == [waiting, leased]


@pytest.mark.parametrize(
    ("status", "errors", "waits_ms", "reason"),
    [
        ("ok", 0, 10 * MINUTE_MS, "interval"),
        ("not_modified", 0, 10 * MINUTE_MS, "interval"),
        ("failed", 3, 80 * MINUTE_MS, "backoff"),
        ("gone", 3, 80 * MINUTE_MS, "gone"),
    ],
)
def test_how_a_poll_went_decides_the_next_check(
    status: PollStatus, errors: int, waits_ms: int, reason: str, bench: "Bench"
) -> None:
    source_id = bench.watch()
    bench.poll(source_id, status="failed")
    bench.poll(source_id, status="failed")
    outcome = bench.poll(source_id, status=status)
    assert next_check(bench, source_id) == (waits_ms, reason)
    assert outcome.next_check_ms == bench.now_ms + waits_ms
    assert bench.one("SELECT errors FROM sources") == errors


def test_a_server_may_ask_for_time(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, status="failed", retry_after_s=7200)
    assert next_check(bench, source_id) == (120 * MINUTE_MS, "retry_after")


def test_a_failure_is_kept_until_the_source_is_well_again(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, status="failed", error="timeout")
    assert bench.rows("SELECT state, error, errors FROM sources") == [("active", "timeout", 1)]
    bench.poll(source_id)
    assert bench.rows("SELECT state, error, errors FROM sources") == [("active", None, 0)]


def test_a_source_is_probing_until_it_answered_once(bench: "Bench") -> None:
    source_id = bench.source()
    bench.poll(source_id, status="failed")
    columns = "SELECT state, first_ok_ms, last_ok_ms, title FROM sources"
    assert bench.rows(columns)[0][:3] == ("probing", None, None)
    first_ms = bench.now_ms
    bench.poll(source_id)
    bench.now_ms += 5
    bench.poll(source_id, status="not_modified")
    assert bench.rows(columns) == [("active", first_ms, bench.now_ms, "Feed")]


def test_validators_are_stored_with_a_whole_document_only(bench: "Bench") -> None:
    source_id = bench.watch()
    validators = "SELECT etag, last_modified FROM sources"
    bench.poll(source_id, validators=Validators(etag="one", last_modified="then"))
    assert bench.rows(validators) == [("one", "then")]
    for status in UNREAD:
        bench.poll(source_id, status=status, validators=Validators(etag="two"))
        assert bench.rows(validators) == [("one", "then")]
    bench.poll(source_id, validators=Validators(last_modified="now"))
    assert bench.rows(validators) == [(None, "now")]
    bench.poll(source_id)
    assert bench.rows(validators) == [(None, None)]


def test_recording_a_poll_twice_is_harmless(bench: "Bench") -> None:
    source_id = bench.watch()
    tables = ("history", "sightings", "queue", "verdicts")
    first = bench.poll(source_id, "a", "b")
    before = [bench.rows(f"SELECT * FROM {table}") for table in tables]
    again = bench.poll(source_id, "a", "b")
    assert (first.new, first.duplicates, first.queued) == (2, 0, 2)
    assert (again.new, again.duplicates, again.queued) == (0, 0, 0)
    assert [bench.rows(f"SELECT * FROM {table}") for table in tables] == before


def test_a_report_of_a_source_that_is_not_there(bench: "Bench") -> None:
    assert bench.poll(SourceId(99), "a") == PollOutcome()
    assert bench.one("SELECT COUNT(*) FROM history") == 0


def test_new_links_leave_their_time(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id)
    assert bench.one("SELECT last_new_ms FROM sources") is None
    bench.poll(source_id, "a")
    assert bench.one("SELECT last_new_ms FROM sources") == bench.now_ms
