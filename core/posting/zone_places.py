"""Time zones by where somebody is: the nearest of the cities that zones are named after.

The places are those of `zone.tab` in the tz database (https://data.iana.org/time-zones/tz-link.html), which
the package `tzdata` brings. Borders are not in it, so that the nearest city may have another clock: what is
found is to be asked about, never to be taken as it is.
"""

import math
import re
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files

from core.posting.zones import local, names, zone_of

_ROW = re.compile(
    r"[A-Z]{2}\t(?P<latitude>[+-]\d{4}(?:\d\d)?)(?P<longitude>[+-]\d{5}(?:\d\d)?)\t(?P<zone>[^\t]+)", re.ASCII
)
"""A country, a place in degrees, minutes and perhaps seconds (ISO 6709: `+5545+03735`), and its zone."""
_HALF_A_YEAR_MS = round(timedelta(days=182).total_seconds() * 1000)

Vector = tuple[float, float, float]


def zones_around(latitude: float, longitude: float, *, now_ms: int, most: int = 6) -> tuple[str, ...]:
    """Return the zone of the nearest city, then those of the nearest ones with other clocks.

    Args:
        latitude: in degrees, positive in the north.
        longitude: in degrees, positive in the east.
        now_ms: clocks are other ones where they differ now or half a year from now.
        most: so many zones are returned at the most; none where this machine lacks the table of places.
    """
    here = _vector(latitude, longitude)
    nearest = sorted(_places(), key=lambda place: -sum(map(float.__mul__, here, place[1])))
    found: dict[tuple[timedelta | None, ...], str] = {}
    for zone, _there in nearest:
        clock = tuple(
            local(moment_ms, zone_of(zone)).utcoffset() for moment_ms in (now_ms, now_ms + _HALF_A_YEAR_MS)
        )
        found.setdefault(clock, zone)
        if len(found) == most:
            break
    return tuple(found.values())


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[str, Vector], ...]:
    """Return the zones that there are, with where their cities lie."""
    try:
        table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    except (OSError, ModuleNotFoundError):
        return ()
    rows = (_ROW.match(line) for line in table.splitlines())
    return tuple(
        (row["zone"], _vector(_angle(row["latitude"], 2), _angle(row["longitude"], 3)))
        for row in rows
        if row is not None and row["zone"] in names()
    )


def _angle(text: str, digits: int) -> float:
    """Return an angle in degrees, of which there are so many digits behind the sign."""
    sign, degrees, rest = text[0], text[1 : 1 + digits], text[1 + digits :]
    angle = int(degrees) + int(rest[:2]) / 60 + int(rest[2:] or 0) / 3600
    return -angle if sign == "-" else angle


def _vector(latitude: float, longitude: float) -> Vector:
    """Return a place on a ball of radius 1: of two places the nearer one has the greater product."""
    up, around = math.radians(latitude), math.radians(longitude)
    return (math.cos(up) * math.cos(around), math.cos(up) * math.sin(around), math.sin(up))
