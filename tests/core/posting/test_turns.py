"""When the next post of a chat may go out, and the code of the reason."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from core.pacing import MOST_WIDENING, Head, Wait, learned_gap_ms, widened, widening_now
from core.posting.rules import PostingRules, parse_rules
from core.posting.turns import Pace, forecast, through_ms, turn

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MONDAY_MS = 20_458 * DAY_MS  # 2026-01-05, 00:00 UTC
NOON_MS = MONDAY_MS + 12 * HOUR_MS
HEAD = Head(
    not_before_ms=0,
    waits_from_ms=0,
    last_send_ms=None,
    flood_from_ms=None,
    flood_until_ms=None,
    entered_ms=NOON_MS,
)


def pace(rules: str = "", *, gap_ms: int = 1000, sent_today: int = 0) -> Pace:
    parsed = parse_rules(rules, PostingRules())
    return Pace(gap_ms=gap_ms, rules=parsed, zone=ZoneInfo("UTC"), sent_today=sent_today)


@pytest.mark.parametrize(
    ("rules", "now_h", "then_h", "why"),
    [
        ("", 12, 12, "now"),
        ("hold 11:00-13:00", 12, 13, "hold"),
        ("window 15:00-16:00", 12, 15, "window"),
        ("window 08:00-10:00 mon-fri", 12 + 4 * 24, 8 + 7 * 24, "window"),
        ("hold 12:00-14:00 window 10:00-13:00", 12, 34, "hold"),
        ("digest 18:00", 12, 18, "digest"),
        ("digest 18:00 hold 17:00-20:00", 12, 20, "hold"),
        ("digest 12:00,18:00", 12, 12, "now"),
    ],
)
def test_schedules(rules: str, now_h: int, then_h: int, why: str) -> None:
    now_ms = MONDAY_MS + now_h * HOUR_MS
    head = replace(HEAD, entered_ms=now_ms)
    assert turn(head, pace(rules), now_ms=now_ms) == Wait(until_ms=MONDAY_MS + then_h * HOUR_MS, why=why)


def test_a_full_day_ends_at_midnight_or_when_the_next_one_opens() -> None:
    assert turn(HEAD, pace("cap 2", sent_today=1), now_ms=NOON_MS).why == "now"
    full = turn(HEAD, pace("cap 2", sent_today=2), now_ms=NOON_MS)
    assert full == Wait(until_ms=MONDAY_MS + DAY_MS, why="cap")
    morning = turn(HEAD, pace("cap 2 hold 22:00-07:00", sent_today=2), now_ms=NOON_MS)
    assert morning.until_ms == MONDAY_MS + DAY_MS + 7 * HOUR_MS


def test_the_gap_of_a_schedule_is_for_what_sources_bring_and_people_queue() -> None:
    head = replace(HEAD, last_send_ms=NOON_MS - 1)
    assert turn(head, pace("gap 10m"), now_ms=NOON_MS) == Wait(until_ms=NOON_MS - 1 + 600_000, why="gap")
    chosen = replace(head, at_ms=NOON_MS)
    assert turn(chosen, pace("gap 10m"), now_ms=NOON_MS) == Wait(until_ms=NOON_MS + 999, why="gap")


def test_a_chosen_moment_comes_before_the_schedule_but_not_before_a_flood_wait() -> None:
    head = replace(HEAD, at_ms=NOON_MS)
    assert turn(head, pace("hold 11:00-13:00 cap 1", sent_today=5), now_ms=NOON_MS).why == "now"
    flooded = replace(head, flood_from_ms=NOON_MS - 5, flood_until_ms=NOON_MS + 5)
    assert turn(flooded, pace(), now_ms=NOON_MS) == Wait(until_ms=NOON_MS + 5, why="flood_wait")
    later = replace(head, at_ms=NOON_MS + 9)
    assert turn(later, pace(), now_ms=NOON_MS) == Wait(until_ms=NOON_MS + 9, why="at")


def test_a_digest_does_not_hold_up_what_people_post() -> None:
    assert turn(replace(HEAD, by_hand=True), pace("digest 18:00"), now_ms=NOON_MS).why == "now"


def test_an_entry_from_a_clock_that_jumped_back_waits_for_no_digest() -> None:
    head = replace(HEAD, entered_ms=NOON_MS + DAY_MS)
    assert turn(head, pace("digest 18:00"), now_ms=NOON_MS).why == "now"
    assert through_ms(head, pace("digest 18:00"), now_ms=NOON_MS) == NOON_MS + DAY_MS


def test_what_is_let_go_together() -> None:
    night = replace(HEAD, entered_ms=MONDAY_MS + HOUR_MS)
    assert through_ms(night, pace("hold 00:00-08:00"), now_ms=NOON_MS) == MONDAY_MS + 8 * HOUR_MS
    assert through_ms(HEAD, pace("hold 00:00-08:00"), now_ms=NOON_MS) == NOON_MS
    assert through_ms(night, pace("digest 03:00,09:00"), now_ms=NOON_MS) == MONDAY_MS + 9 * HOUR_MS
    old = replace(HEAD, entered_ms=MONDAY_MS - 30 * DAY_MS)
    assert through_ms(old, pace("digest 09:00"), now_ms=NOON_MS) == MONDAY_MS + 9 * HOUR_MS


def test_a_flood_wait_doubles_the_gap_which_halves_again_in_half_an_hour() -> None:
    def now(widening: float, minutes: int) -> float:
        return widening_now(widening, flood_from_ms=0, flood_until_ms=1000, now_ms=1000 + minutes * 60_000)

    assert widened(1) == 2
    assert widened(widened(1)) == 4
    assert widened(MOST_WIDENING) == MOST_WIDENING
    assert [now(4, minutes) for minutes in (0, 30, 60, 90)] == [4, 2, 1, 1]
    assert widening_now(4, flood_from_ms=None, flood_until_ms=None, now_ms=5) == 1
    assert widening_now(4, flood_from_ms=9, flood_until_ms=99, now_ms=5) == 1, "noted by a clock that jumped"
    assert [learned_gap_ms(gap, 2) for gap in (3000, 0)] == [6000, 2000]
    assert learned_gap_ms(0, 1) == 0


def test_a_learned_gap_holds_the_next_post() -> None:
    head = replace(
        HEAD, last_send_ms=NOON_MS, flood_from_ms=NOON_MS - 9, flood_until_ms=NOON_MS - 5, widening=4
    )
    assert turn(head, pace(gap_ms=3000), now_ms=NOON_MS).until_ms == NOON_MS + 12_000


def test_the_forecast_goes_on_by_gap_cap_and_digest() -> None:
    def hours(rules: str, count: int, sent_today: int = 0) -> list[float]:
        waits = forecast([HEAD] * count, pace(rules, sent_today=sent_today), now_ms=NOON_MS)
        return [(wait.until_ms - MONDAY_MS) / HOUR_MS for wait in waits]

    assert hours("gap 1h", 3) == [12, 13, 14]
    assert hours("gap 6h hold 22:00-08:00", 4) == [12, 18, 32, 38]
    assert hours("gap 1h cap 2", 4) == [12, 13, 24, 25]
    assert hours("gap 1h cap 2", 3, sent_today=2) == [24, 25, 48]
    assert hours("digest 18:00", 3) == [18, 18, 18]
