"""Moments as the terminal prints them."""

from datetime import UTC, datetime


def iso_utc(epoch_ms: int | None) -> str | None:
    """Give epoch milliseconds as ISO 8601 in UTC, with milliseconds where there are any."""
    if epoch_ms is None:
        return None
    moment = datetime.fromtimestamp(epoch_ms / 1000, tz=UTC)
    return moment.isoformat(timespec="milliseconds" if epoch_ms % 1000 else "seconds").replace("+00:00", "Z")
