"""Retry-After in its two forms, and in all the others."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.http_headers import last_modified, retry_after_s

NOW_MS = 1_800_000_000_000
NOW = "Fri, 15 Jan 2027 08:00:00 GMT"


@pytest.fixture(params=["UTC", "Asia/Yekaterinburg"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("value", "seconds"), [("0", 0), ("120", 120), (" 7 ", 7), ("2678400", 2_678_400)])
def test_seconds(value: str, seconds: float) -> None:
    assert retry_after_s(value, now_ms=NOW_MS) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (NOW, 0),
        ("Fri, 15 Jan 2027 08:01:30 GMT", 90),
        ("Friday, 15-Jan-27 08:01:30 GMT", 90),
        ("Fri Jan 15 08:01:30 2027", 90),
        ("Fri, 15 Jan 2027 10:01:30 +0200", 90),
        ("Fri, 15 Jan 2027 08:01:30 -0000", 90),
    ],
)
def test_dates_are_universal_time_wherever_the_host_is(value: str, seconds: float, zone: None) -> None:
    assert retry_after_s(value, now_ms=NOW_MS) == seconds


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        "-5",
        "1.5",
        "2678401",
        "9" * 400,
        "٣",
        "Thu, 14 Jan 2027 08:00:00 GMT",
        "Fri, 15 Jan 2100 08:00:00 GMT",
        "Fri, 99 Jan 2027 08:00:00 GMT",
        "Fri, 15 Jan 99999999999999999999 08:00:00 GMT",
    ],
)
def test_what_is_no_advice(value: str | None) -> None:
    assert retry_after_s(value, now_ms=NOW_MS) is None


WORDS = st.sampled_from(
    ["Fri", ",", " ", "15", "Jan", "2027", "0001", "08:00:00", "GMT", "-0000", "+9999", "99", ":"]
)


@given(st.text() | st.lists(WORDS).map(" ".join), st.integers(0, 4 * 10**12))
def test_any_text_is_advice_within_a_month_or_none(value: str, now_ms: int) -> None:
    seconds = retry_after_s(value, now_ms=now_ms)
    assert seconds is None or 0 <= seconds <= 31 * 86_400


@pytest.mark.parametrize(
    ("value", "date", "kept"),
    [
        ("Sun, 22 Nov 2026 11:59:59 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", True),
        ("Sun, 22 Nov 2026 12:00:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", False),
        ("Sun, 22 Nov 2026 12:00:01 GMT", "Sun, 22 Nov 2026 12:00:00 GMT", False),
        ("Sun, 22 Nov 2026 12:00:00 GMT", None, True),
        ("yesterday", "Sun, 22 Nov 2026 12:00:00 GMT", True),
        ("Sun, 22 Nov 2026 12:00:00 -0000", "Sun, 22 Nov 2026 12:00:00 GMT", True),
    ],
)
def test_what_changed_in_this_very_second_may_change_again(value: str, date: str | None, kept: bool) -> None:
    assert last_modified(value, date=date) == (value if kept else None)


def test_no_date_is_none() -> None:
    assert last_modified(None, date="Sun, 22 Nov 2026 12:00:00 GMT") is None
