"""Zones by a place: the nearest city first, and the right clock among those that are proposed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.posting.zone_places import zones_around
from core.posting.zones import local, names, zone_of

NOW_MS = round(datetime(2026, 1, 15, tzinfo=UTC).timestamp() * 1000)
"""In summer some of the clocks below are the same."""


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (55.75, 37.6, "Europe/Moscow"),
        (41.88, -87.6, "America/Chicago"),
        (-33.9, 151.2, "Australia/Sydney"),
        (-54.8, -68.3, "America/Argentina/Ushuaia"),
        (40.7, -74.0, "America/New_York"),
    ],
)
def test_the_nearest_city_comes_first(latitude: float, longitude: float, zone: str) -> None:
    assert zones_around(latitude, longitude, now_ms=NOW_MS)[0] == zone


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (43.6, 39.73, "Europe/Moscow"),  # Sochi: Tbilisi is nearer
        (59.93, 30.34, "Europe/Moscow"),  # Saint Petersburg: Helsinki is
        (49.84, 24.03, "Europe/Kyiv"),  # Lviv: Warsaw is
        (38.42, 27.14, "Europe/Istanbul"),  # Izmir: Athens is
        (28.61, 77.21, "Asia/Kolkata"),  # Delhi: Kathmandu and three others are
    ],
)
def test_past_a_border_the_right_clock_is_among_those_proposed(
    latitude: float, longitude: float, zone: str
) -> None:
    now = [
        local(NOW_MS, zone_of(each)).utcoffset() for each in zones_around(latitude, longitude, now_ms=NOW_MS)
    ]
    assert now[0] != local(NOW_MS, zone_of(zone)).utcoffset()
    assert local(NOW_MS, zone_of(zone)).utcoffset() in now


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_has_zones_each_of_another_clock(latitude: float, longitude: float) -> None:
    found = zones_around(latitude, longitude, now_ms=NOW_MS)
    assert len(found) == len(set(found)) == 6
    assert names().issuperset(found)
