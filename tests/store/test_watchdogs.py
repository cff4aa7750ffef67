"""Cards about sources in trouble."""

from typing import TYPE_CHECKING

from store import subscriptions, watchdogs

if TYPE_CHECKING:
    from core.protocol import SourceId
    from tests.store.conftest import Bench

HOUR_MS = 3_600_000
ALERT = (1, 0)


def look(bench: "Bench") -> int:
    return watchdogs.look(bench.db, alert=ALERT, now_ms=bench.now_ms)


def fail(bench: "Bench", source_id: "SourceId", error: str = "timeout") -> None:
    bench.poll(source_id, status="failed", error=error)


def codes(bench: "Bench") -> list[str]:
    return [code for code, _, _ in bench.notices()]


def test_failure_is_told_after_six_hours_and_edited_in_place(bench: "Bench") -> None:
    source_id = bench.watch()
    fail(bench, source_id)
    bench.now_ms += 6 * HOUR_MS - 1
    assert look(bench) == 0
    bench.now_ms += 1
    assert look(bench) == 1
    assert look(bench) == 0, "nothing has changed"
    [(code, args, _)] = bench.notices()
    assert (code, args["error"]) == ("source.failing", "timeout")
    assert args["since_ms"] == bench.now_ms - 6 * HOUR_MS
    bench.db.execute("UPDATE notices SET message_id = 5, state = 'spoken'")
    fail(bench, source_id, "unreachable")
    assert look(bench) == 1
    assert bench.rows("SELECT message_id, state FROM notices") == [(5, "pending")]


def test_recovery_closes_the_card_and_is_told(bench: "Bench") -> None:
    source_id = bench.watch()
    fail(bench, source_id)
    bench.now_ms += 7 * HOUR_MS
    look(bench)
    bench.db.execute("UPDATE notices SET message_id = 5, state = 'spoken'")
    bench.poll(source_id, status="not_modified")
    assert look(bench) == 2
    assert bench.rows("SELECT code, message_id FROM notices ORDER BY id") == [
        ("source.well", 5),
        ("source.back", None),
    ]
    assert look(bench) == 0
    fail(bench, source_id)
    bench.now_ms += 7 * HOUR_MS
    assert look(bench) == 1
    assert bench.rows("SELECT message_id FROM notices WHERE code = 'source.failing'") == [(None,)]


def test_failures_that_end_soon_are_not_told(bench: "Bench") -> None:
    source_id = bench.watch()
    for _ in range(5):
        fail(bench, source_id)
        bench.now_ms += 5 * HOUR_MS
        bench.poll(source_id, "a")
        assert look(bench) == 0


def test_being_throttled_for_long_is_told_too(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, status="failed", error="http_status", error_args=("429",))
    bench.now_ms += 7 * HOUR_MS
    assert look(bench) == 1
    [(code, args, _)] = bench.notices()
    assert (code, args["error"]) == ("source.failing", "throttled")


def test_a_source_that_used_to_show_items_and_shows_none(bench: "Bench") -> None:
    source_id, always = bench.watch(), bench.watch("always-empty")
    bench.poll(source_id, "a")
    for each in (source_id, always):
        bench.poll(each)
    bench.now_ms += 6 * HOUR_MS
    for each in (source_id, always):
        bench.poll(each)
    assert look(bench) == 1
    assert codes(bench) == ["source.empty"]
    bench.poll(source_id, "a")
    assert look(bench) == 2
    assert codes(bench) == ["source.well", "source.back"]


def test_unchanged_parts_are_not_taken_for_nothing(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, "a")
    bench.poll(source_id, partial=True)
    bench.now_ms += 7 * HOUR_MS
    assert look(bench) == 0


def test_silence_is_told_after_three_times_the_usual_rhythm(bench: "Bench") -> None:
    source_id = bench.watch()
    for number in range(5):
        bench.now_ms += 24 * HOUR_MS
        bench.poll(source_id, str(number))
    bench.now_ms += 72 * HOUR_MS - 1
    assert look(bench) == 0
    bench.now_ms += 1
    assert look(bench) == 1
    assert codes(bench) == ["source.silent"]
    bench.poll(source_id, "news")
    assert look(bench) == 2
    assert codes(bench) == ["source.well", "source.back"]


def test_a_source_that_is_gone_is_told_at_once_and_once(bench: "Bench") -> None:
    source_id = bench.watch()
    bench.poll(source_id, status="gone", error="http_status", error_args=("410",))
    assert look(bench) == 1
    assert look(bench) == 0
    assert codes(bench) == ["source.gone"]


def test_a_source_that_nobody_watches_any_more_closes_its_card_quietly(bench: "Bench") -> None:
    source_id = bench.watch()
    fail(bench, source_id)
    bench.now_ms += 7 * HOUR_MS
    look(bench)
    subscriptions.unsubscribe(bench.db, [bench.one("SELECT id FROM subscriptions")], now_ms=bench.now_ms)
    assert look(bench) == 1
    [(code, args, _)] = bench.notices()
    assert (code, args["watched"]) == ("source.well", False)
    bench.source()
    assert look(bench) == 0, "old failures do not count when it is wanted again"


def test_many_that_fail_together_are_one_card(bench: "Bench") -> None:
    watched = [bench.watch(f"s{number}") for number in range(10)]
    for source_id in watched[:3]:
        fail(bench, source_id)
    bench.now_ms += HOUR_MS // 4
    assert look(bench) == 1
    assert codes(bench) == ["network.failing"]
    bench.now_ms += 7 * HOUR_MS
    assert look(bench) == 0, "no card for each of them"
    bench.poll(watched[0], "a")
    assert look(bench) == 3
    assert sorted(codes(bench)) == ["network.works", "source.failing", "source.failing"]
    for source_id in watched[1:3]:
        bench.poll(source_id)
    assert look(bench) == 4
