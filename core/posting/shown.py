"""Schedules and queues in words, in the clock of a chat."""

from core.languages import gettext as _
from core.languages.formats import moment_in
from core.posting.zones import local, zone_of

_WEEK_DAYS = 6


def moment_text(moment_ms: int, zone: str, *, now_ms: int) -> str:
    """Return a moment as people of a zone say it: `18:30`, `Tue 18:30`, `24 Dec 18:30`."""
    there, here = local(moment_ms, zone_of(zone)), local(now_ms, zone_of(zone))
    days = (there.date() - here.date()).days
    if days == 0:
        return f"{there:%H:%M}"
    return moment_in("EEE HH:mm" if 0 < days <= _WEEK_DAYS else "d MMM HH:mm", there)


def next_text(next_ms: int | None, zone: str, *, now_ms: int) -> str:
    """Return when something goes out, as far as that is known."""
    if next_ms is None:
        return _("later")
    return _("now") if next_ms <= now_ms else moment_text(next_ms, zone, now_ms=now_ms)
