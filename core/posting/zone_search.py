"""Time zones as people name them: by a city in any language of the bot, or by how far a clock is from UTC.

The names of cities are those of CLDR (https://unicode.org/reports/tr35/tr35-dates.html#Time_Zone_Names), by
Babel. Settings take names of the IANA only: those are `core.posting.zones`.
"""

import re
from datetime import timedelta
from functools import lru_cache

from core.languages import LANGUAGES
from core.posting.zones import local, names, zone_of

MOST = 8
"""So many zones are proposed at once."""
_OFFSET = re.compile(
    r"(?P<named>utc|gmt)?\s*(?P<sign>[+\-\N{MINUS SIGN}])\s*"
    r"(?P<hours>\d{1,2})(?:(?P<colon>:?)(?P<minutes>[0-5]\d))?",
    re.ASCII | re.IGNORECASE,
)
_OFFERS = {
    "en": (
        "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Denver",
        "America/Los_Angeles", "Asia/Kolkata", "Australia/Sydney",
    ),
    "ru": (
        "Europe/Moscow", "Europe/Kaliningrad", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Novosibirsk",
        "Asia/Irkutsk", "Asia/Vladivostok", "Asia/Almaty",
    ),
}  # fmt: skip
"""Zones where many speak a language."""
_GREAT = (
    "Pacific/Honolulu", "America/Anchorage", "America/Halifax", "America/St_Johns", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "America/Bogota", "America/Toronto", "America/Mexico_City",
    "Atlantic/Azores", "Europe/Lisbon", "Africa/Lagos", "Europe/Paris", "Europe/Rome", "Europe/Warsaw",
    "Europe/Kyiv", "Europe/Helsinki", "Africa/Cairo", "Africa/Johannesburg", "Europe/Minsk",
    "Europe/Istanbul", "Asia/Riyadh", "Asia/Tehran", "Asia/Dubai", "Asia/Tbilisi", "Asia/Kabul",
    "Asia/Tashkent", "Asia/Karachi", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok",
    "Asia/Jakarta", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul",
    "Australia/Adelaide", "Australia/Brisbane", "Pacific/Noumea", "Pacific/Auckland",
)  # fmt: skip
"""Zones of the world where many live."""
_RENAMED = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
}
"""CLDR never changes an identifier: those of cities that the IANA writes otherwise today."""
_KEPT = {today: kept for kept, today in _RENAMED.items()}


def offset_in(text: str) -> int | None:
    """Return by how many minutes a clock such as `+3`, `UTC-05:30` or `gmt+5` is ahead of UTC, or None."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None or (match["minutes"] and not (match["colon"] or match["named"])):  # -700 is a chat
        return None
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    return minutes if match["sign"] == "+" else -minutes


def zone_meant(text: str) -> str | None:
    """Return the zone that a whole name means, of the IANA or of a city; None where none or several do."""
    if offset_in(text) is not None:  # Etc/GMT+3 is three hours behind, and nobody who writes +3 means that
        return None
    wanted = _folded(text)
    found = tuple(name for name in names() if _folded(name) == wanted) or _cities().get(wanted, ())
    return found[0] if len(found) == 1 else None


def zones_near(text: str, language: str, *, now_ms: int) -> tuple[str, ...]:
    """Return zones that may be meant, the likeliest first: with such a clock now, or with such a name."""
    minutes = offset_in(text)
    if minutes is not None:
        return _with_clock(minutes, language, now_ms)[:MOST]
    wanted = _folded(text)
    if not wanted:
        return ()
    found = [city for city in sorted(_cities()) if wanted in city]
    found.sort(key=lambda city: not city.startswith(wanted))
    zones = [zone for city in found for zone in _cities()[city]]
    zones += [zone for zone in _zones() if wanted in _folded(zone)]
    return tuple(dict.fromkeys(zones))[:MOST]


def zones_offered(language: str) -> tuple[str, ...]:
    """Return zones where many speak a language."""
    return _OFFERS.get(language, _OFFERS["en"])


def city_of(zone: str, language: str) -> str:
    """Return the city that a zone is named after, in a language."""
    from babel import Locale  # a start needs none of it

    city = Locale(language).time_zones.get(_KEPT.get(zone, zone), {}).get("city")
    return city or zone.rpartition("/")[2].replace("_", " ")


def _with_clock(minutes: int, language: str, now_ms: int) -> tuple[str, ...]:
    """Return zones that are so far from UTC now, those of the language first; if there are none, any."""
    ahead = timedelta(minutes=minutes)
    known = dict.fromkeys([*zones_offered(language), *sum(_OFFERS.values(), ()), *_GREAT])
    for zones in (known, _zones()):
        found = tuple(zone for zone in zones if local(now_ms, zone_of(zone)).utcoffset() == ahead)
        if found:
            return found
    return ()


def _folded(text: str) -> str:
    """Return a name as it is compared: `Ростов-на-Дону` and `new_york` may be written in many ways."""
    plain = text.casefold().replace("\N{CYRILLIC SMALL LETTER IO}", "\N{CYRILLIC SMALL LETTER IE}")
    return " ".join(re.sub(r"[_\-\N{HYPHEN}-\N{HORIZONTAL BAR}]", " ", plain).split())


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    """Return the zones of CLDR under their names of today, in the order of the alphabet."""
    from babel import Locale

    all_of_them = map(str, Locale("ru").time_zones)  # English leaves out those that are written as spoken
    listed = (_RENAMED.get(zone, zone) for zone in all_of_them)
    return tuple(sorted(zone for zone in listed if zone in names() and not zone.startswith("Etc/")))


@lru_cache(maxsize=1)
def _cities() -> dict[str, tuple[str, ...]]:
    """Return the zones by their folded cities, in all languages and as the IANA writes them."""
    found: dict[str, dict[str, None]] = {}
    for zone in _zones():
        last = zone.rpartition("/")[2]
        for city in (last, *(city_of(zone, language) for language in LANGUAGES)):
            found.setdefault(_folded(city), {})[zone] = None
    return {city: tuple(zones) for city, zones in found.items()}
