"""Receipts add up, whatever became of the links."""

import re
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.receipts import day_before, receipt_text, tally

_VERDICTS = st.sampled_from(["wanted", "repeat", "filtered", "backlog", "another"])
_STATES = st.sampled_from(
    [None, "pending", "sending", "sent", "uncertain", "held", "dropped", "dead", "unknown"]
)
_REASONS = st.sampled_from([None, "filtered: block title ~ x", "expired"])


@settings(max_examples=60)
@given(st.lists(st.tuples(_VERDICTS, _STATES, _REASONS, st.integers(0, 999))))
def test_the_parts_are_the_sum(rows: list[tuple[str, str | None, str | None, int]]) -> None:
    text = receipt_text(tally(rows))
    seen, *parts = (int(number) for number in re.findall(r"\d+", text))
    assert seen == sum(parts) == sum(count for *_, count in rows)


def test_words() -> None:
    rows = [
        ("wanted", "sent", None, 61),
        ("repeat", "sent", None, 338),
        ("filtered", None, None, 10),
        ("wanted", "dropped", "filtered: block host = a", 3),
    ]
    assert receipt_text(tally(rows)) == "412 seen = 61 posted + 338 repeats + 13 filtered + 0 unexplained"
    rows += [("wanted", None, None, 1), ("backlog", None, None, 4), ("wanted", "dropped", "expired", 2)]
    assert receipt_text(tally(rows)) == (
        "419 seen = 61 posted + 338 repeats + 13 filtered + 2 dropped + 4 from before + 1 unexplained"
    )


def test_days_are_those_of_the_wall() -> None:
    zone = ZoneInfo("Europe/Berlin")
    hour_ms = 3_600_000
    noon_ms = 1_774_778_400_000  # 2026-03-29, when clocks go forward
    day, from_ms, until_ms = day_before(noon_ms + 24 * hour_ms, zone)
    assert (str(day), (until_ms - from_ms) // hour_ms) == ("2026-03-29", 23)
    assert day_before(until_ms, zone)[2] == until_ms
    assert day_before(until_ms - 1, zone)[2] == from_ms
