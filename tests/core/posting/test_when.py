"""Moments as people say them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import UserError
from core.posting.when import parse_when

BERLIN = ZoneInfo("Europe/Berlin")


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


NOW = ms("2026-03-27 12:00")  # a Friday, two days before clocks are set forward


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("18:30", "2026-03-27 18:30"),
        ("9:05", "2026-03-28 09:05"),
        ("today 18:30", "2026-03-27 18:30"),
        ("Tomorrow, 9:00", "2026-03-28 09:00"),
        ("fri 18:00", "2026-03-27 18:00"),
        ("friday 9:00", "2026-04-03 09:00"),
        ("sun 02:30", "2026-03-29 03:00"),
        ("24.12. 18:30", "2026-12-24 18:30"),
        ("1.2 18:30", "2027-02-01 18:30"),
        ("2026-12-24 00:00", "2026-12-24 00:00"),
        ("+ 2h", "2026-03-27 14:00"),
        ("+90m", "2026-03-27 13:30"),
        ("NOW", "2026-03-27 12:00"),
    ],
)
def test_it_is_understood(said: str, meant: str) -> None:
    assert parse_when(said, BERLIN, NOW) == ms(meant)


@pytest.mark.parametrize(
    "said", ["", "soon", "9", "25:00", "+", "+2x", "someday 9:00", "31.02. 9:00", "a b 9:00", "tomorrow"]
)
def test_it_is_not_understood(said: str) -> None:
    with pytest.raises(UserError, match="Write it like 18:30"):
        parse_when(said, BERLIN, NOW)


def test_it_is_over_or_too_far() -> None:
    with pytest.raises(UserError, match="That is over"):
        parse_when("today 9:00", BERLIN, NOW)
    with pytest.raises(UserError, match="more than a year"):
        parse_when("24.12.2031 9:00", BERLIN, NOW)
