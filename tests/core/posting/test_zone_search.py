"""Time zones as people name them: cities in two languages, and clocks."""

from datetime import UTC, datetime

import pytest

from core.posting.zone_search import MOST, city_of, offset_in, zone_meant, zones_near, zones_offered
from core.posting.zones import names

_WINTER_MS = round(datetime(2026, 1, 15, tzinfo=UTC).timestamp() * 1000)
_SUMMER_MS = round(datetime(2026, 7, 15, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("us/eastern", "US/Eastern"),
        ("berlin", "Europe/Berlin"),
        ("Москва", "Europe/Moscow"),
        ("нью йорк", "America/New_York"),
        ("Нью-Йорк", "America/New_York"),
        ("киев", "Europe/Kyiv"),
        ("Kolkata", "Asia/Kolkata"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("Atlantis", None),
        ("berl", None),
        ("", None),
        ("gmt+3", None),  # of the IANA it is one that is three hours behind
    ],
)
def test_a_city_means_its_zone(typed: str, zone: str | None) -> None:
    assert zone_meant(typed) == zone


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("+3", 180),
        ("UTC-05:30", -330),
        ("gmt + 0545", 345),
        ("\N{MINUS SIGN}3", -180),
        ("3", None),
        ("+3:75", None),
    ],
)
def test_a_clock_is_read(typed: str, minutes: int | None) -> None:
    assert offset_in(typed) == minutes


def test_a_clock_proposes_places_of_the_language_first() -> None:
    assert zones_near("+3", "ru", now_ms=_WINTER_MS)[0] == "Europe/Moscow"
    assert zones_near("+1", "en", now_ms=_WINTER_MS)[0] == "Europe/Berlin"
    assert zones_near("+1", "en", now_ms=_SUMMER_MS)[0] == "Europe/London"
    assert zones_near("+12:45", "en", now_ms=_SUMMER_MS) == ("Pacific/Chatham",)
    assert zones_near("+0:17", "en", now_ms=_SUMMER_MS) == zones_near("+99", "en", now_ms=0) == ()


def test_a_part_of_a_name_proposes_those_that_begin_so_first() -> None:
    assert zones_near("моск", "ru", now_ms=0) == ("Europe/Moscow",)
    found = zones_near("ber", "en", now_ms=0)
    assert found[0] == "Europe/Berlin"
    assert 1 < len(found) <= MOST
    assert zones_near("xyzzy", "en", now_ms=0) == zones_near(" ", "en", now_ms=0) == ()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_proposed_exists_and_has_a_city(language: str) -> None:
    proposed = {*zones_offered(language), *zones_near("/", language, now_ms=0)}
    assert proposed <= names()
    assert city_of("Europe/Kyiv", language) == {"en": "Kyiv", "ru": "Киев"}[language]
    assert city_of("America/New_York", language) == {"en": "New York", "ru": "Нью-Йорк"}[language]
