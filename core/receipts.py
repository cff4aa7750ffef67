"""What became of all that a chat's sources showed in a day: every link has one fate, so the sum is right."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.languages import gettext as _
from core.languages import marked
from core.posting.zones import local

Fate = Literal["posted", "repeat", "filtered", "waiting", "held", "dropped", "older", "unexplained"]

_ALWAYS: Mapping[Fate, str] = {
    "posted": marked("{count} posted"),
    "repeat": marked("{count} repeats"),
    "filtered": marked("{count} filtered"),
}
_SOMETIMES: Mapping[Fate, str] = {
    "waiting": marked("{count} waiting"),
    "held": marked("{count} held"),
    "dropped": marked("{count} dropped"),
    "older": marked("{count} from before"),
}
_STATES: Mapping[str, Fate] = {
    "sent": "posted",
    "pending": "waiting",
    "sending": "waiting",
    "uncertain": "waiting",
    "held": "held",
    "dead": "dropped",
}


def fate_of(verdict: str, state: str | None, reason: str | None) -> Fate:
    """Return what became of a link for a subscription.

    Args:
        verdict: what was thought of it when it was seen.
        state: of its row of the outbox; None where it has none.
        reason: why that row is where it is.
    """
    if verdict == "repeat":
        return "repeat"
    if verdict.startswith("filtered"):
        return "filtered"
    if state == "dropped":
        return "filtered" if (reason or "").startswith("filtered") else "dropped"
    if state is not None:
        return _STATES.get(state, "unexplained")
    return "older" if verdict == "backlog" else "unexplained"


def tally(rows: Iterable[tuple[str, str | None, str | None, int]]) -> dict[Fate, int]:
    """Return how many links had each fate, of rows of verdict, state, reason and count."""
    fates: dict[Fate, int] = {}
    for verdict, state, reason, count in rows:
        fate = fate_of(verdict, state, reason)
        fates[fate] = fates.get(fate, 0) + count
    return fates


def receipt_text(fates: Mapping[Fate, int]) -> str:
    """Return the sum in words, as `412 seen = 61 posted + 338 repeats + 13 filtered + 0 unexplained`."""
    parts = [_(words).format(count=fates.get(fate, 0)) for fate, words in _ALWAYS.items()]
    parts += [_(words).format(count=fates[fate]) for fate, words in _SOMETIMES.items() if fates.get(fate)]
    parts.append(_("{count} unexplained").format(count=fates.get("unexplained", 0)))
    return _("{count} seen").format(count=sum(fates.values())) + " = " + " + ".join(parts)


def day_before(now_ms: int, zone: ZoneInfo) -> tuple[date, int, int]:
    """Return the last day that is over by the clock of a zone, its beginning and its end (epoch ms)."""
    today = local(now_ms, zone).date()
    day = today - timedelta(days=1)
    return day, _midnight_ms(day, zone), _midnight_ms(today, zone)


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return round(datetime.combine(day, time(), tzinfo=zone).timestamp() * 1000)
