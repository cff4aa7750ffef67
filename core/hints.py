"""What sources and their servers say about how often they want to be looked at."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_HOUR_S = 3600.0
_DAY_S = 24 * _HOUR_S
_MOST_HINT_S = 7 * _DAY_S
_HOURS = 24
_PERIODS_S = {
    "hourly": _HOUR_S,
    "daily": _DAY_S,
    "weekly": 7 * _DAY_S,
    "monthly": 30 * _DAY_S,
    "yearly": 365 * _DAY_S,
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollHints:
    """Advice for the next check of a source."""

    fresh_s: float = 0.0
    """For so long the answer will not change."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in GMT, 0 to 23, in which nothing happens (RSS 2.0, skipHours)."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week in GMT, Monday is 0 (RSS 2.0, skipDays)."""

    def with_fresh_s(self, fresh_s: float) -> "PollHints":
        """Return the same advice, with the longer of two times of freshness."""
        return PollHints(
            fresh_s=max(self.fresh_s, fresh_s), skip_hours=self.skip_hours, skip_days=self.skip_days
        )


def feed_hints(
    *,
    ttl: str = "",
    update_period: str = "",
    update_frequency: str = "",
    skip_hours: tuple[str, ...] = (),
    skip_days: tuple[str, ...] = (),
) -> PollHints:
    """Read what a feed says of itself; nonsense is no advice.

    `ttl` is in minutes (RSS 2.0); `update_period` and `update_frequency` are those of the syndication
    module (https://web.resource.org/rss/1.0/modules/syndication/): so many updates a period.
    """
    minutes = _whole(ttl)
    frequency = max(1, _whole(update_frequency))
    period_s = _PERIODS_S.get(update_period.strip().lower(), 0.0)
    # Hour 24 is midnight in RSS 0.91.
    hours = frozenset(_whole(hour) % _HOURS for hour in skip_hours if hour.strip().isdecimal())
    days = frozenset(_DAYS.index(day) for day in map(_word, skip_days) if day in _DAYS)
    return PollHints(
        fresh_s=min(max(minutes * 60.0, period_s / frequency), _MOST_HINT_S),
        skip_hours=hours if len(hours) < _HOURS else frozenset(),
        skip_days=days if len(days) < len(_DAYS) else frozenset(),
    )


def freshness_s(cache_control: str | None, expires: str | None, *, now_ms: int) -> float:
    """Return for how many seconds an HTTP answer stays fresh (RFC 9111, 4.2.1); 0 where it does not say.

    `max-age` wins over `Expires`; `no-cache` and `no-store` mean 0.
    """
    directives = {
        name.strip().lower(): value.strip().strip('"')
        for name, _, value in (part.partition("=") for part in (cache_control or "").split(","))
    }
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    if "max-age" in directives:
        return float(min(_whole(directives["max-age"]), _MOST_HINT_S))
    if expires is None:
        return 0.0
    try:
        moment = parsedate_to_datetime(expires)
    except (ValueError, TypeError, OverflowError):
        return 0.0  # "0" and "-1" are common, and mean: already stale
    return min(max(0.0, moment.timestamp() - now_ms / 1000), _MOST_HINT_S)


def after_quiet_time_ms(due_ms: int, hints: PollHints) -> int:
    """Return a due time moved out of the hours and days in which a source says that nothing happens."""
    if not hints.skip_hours and not hints.skip_days:
        return due_ms
    hour_ms = round(_HOUR_S * 1000)
    moment_ms = due_ms
    for _ in range(_HOURS * (len(_DAYS) + 1)):
        moment = datetime.fromtimestamp(moment_ms / 1000, tz=UTC)
        if moment.hour not in hints.skip_hours and moment.weekday() not in hints.skip_days:
            return moment_ms
        moment_ms = (moment_ms // hour_ms + 1) * hour_ms
    return due_ms


def _whole(text: str) -> int:
    word = text.strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else 0  # noqa: PLR2004


def _word(text: str) -> str:
    return text.strip().lower()
