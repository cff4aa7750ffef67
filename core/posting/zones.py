"""Time zones: their names, and the clock on the wall in them.

Epoch milliseconds to local time is always one answer; the way back is not. Where clocks are set forward
an hour of the wall never comes, where they are set back one comes twice (PEP 495).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import PurePath
from zoneinfo import ZoneInfo, available_timezones

from core.errors import UserError
from core.languages import gettext as _

_MINUTE_MS = 60_000
_HINTS = 5


def find_zone(text: str) -> str:
    """Return the IANA name of a zone as somebody typed it: `europe/berlin`, `Berlin`, `new york`.

    Raises:
        UserError: there is none, or several could be meant.
    """
    wanted = text.strip().replace(" ", "_").lower()
    known = names()
    exact = [name for name in known if name.lower() == wanted]
    cities = [name for name in known if name.lower().rpartition("/")[2] == wanted]
    # Etc/GMT+3 is three hours behind Greenwich, and nobody who writes GMT+3 means that.
    found = exact or [name for name in cities if not name.startswith(("Etc/GMT", "posix/", "right/"))]
    if len(found) == 1:
        return found[0]
    hinted = [name for name in known if wanted and wanted in name.lower() and not name.startswith("Etc/GMT")]
    near = sorted(found or hinted)
    hint = _(" Perhaps {near}?").format(near=", ".join(near[:_HINTS])) if near else ""
    raise UserError(
        "“{text}” is no time zone I know. Write it like Europe/Berlin.{hint}", text=text[:60], hint=hint
    )


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Return the names of all zones: a walk through hundreds of files, once for each start."""
    return frozenset(available_timezones())


@lru_cache(maxsize=1024)
def zone_of(*names: str | None) -> ZoneInfo:
    """Return the first of these zones that there is (a name may have gone from the data), else UTC."""
    for name in names:
        if name:
            try:
                return ZoneInfo(name)
            except (KeyError, ValueError, OSError):  # OSError: a folder of zones, such as America
                continue
    return ZoneInfo("UTC")


def name_of_path(path: str) -> str | None:
    """Return the zone that a path into a folder of zones means: `/usr/share/zoneinfo/Europe/Berlin`."""
    parts = PurePath(path).parts
    if "zoneinfo" not in parts:
        return None
    return _known("/".join(parts[parts.index("zoneinfo") + 1 :]).removeprefix("posix/"))


def host_zone(variable: str | None, paths: Iterable[str]) -> str:
    """Return the host's zone: from its TZ variable, or from where `/etc/localtime` leads, else UTC."""
    variable = (variable or "").removeprefix(":")
    found = _known(variable) or name_of_path(variable)
    return found or next(filter(None, map(name_of_path, paths)), "UTC")


def _known(name: str) -> str | None:
    return name if name and zone_of(name).key == name else None


def local(moment_ms: int, zone: ZoneInfo) -> datetime:
    """Return what clocks on the wall show at a moment."""
    return datetime.fromtimestamp(moment_ms / 1000, tz=UTC).astimezone(zone)


def first_at(day: date, minute: int, zone: ZoneInfo) -> int | None:
    """Return the first moment of a day at which its clocks show this minute or a later one.

    None where the day has no such moment: it was left out, or its last hour was.
    """
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - a clock on the wall
    moment_ms = round(wall.replace(tzinfo=zone).timestamp() * 1000)
    there = local(moment_ms, zone)
    if there.replace(tzinfo=None) != wall:  # the clocks are set forward over it
        day_ms = round(timedelta(days=1).total_seconds() * 1000)
        moment_ms = change_of_offset(moment_ms - day_ms, moment_ms, zone) or moment_ms
        there = local(moment_ms, zone)
    return moment_ms if there.date() == day else None


def change_of_offset(from_ms: int, to_ms: int, zone: ZoneInfo) -> int | None:
    """Return when the clocks are set between two moments at most a day apart, or None.

    Zones change at whole minutes of UTC since 1972, which is what is looked for here.
    """
    before = local(from_ms, zone).utcoffset()
    if local(to_ms, zone).utcoffset() == before:
        return None
    low, high = from_ms // _MINUTE_MS, -(-to_ms // _MINUTE_MS)
    while high - low > 1:
        middle = (low + high) // 2
        if local(middle * _MINUTE_MS, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high * _MINUTE_MS
