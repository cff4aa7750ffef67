"""Reading HTTP headers that matter for polling."""

from datetime import UTC
from email.utils import parsedate_to_datetime

_LONGEST_S = 31 * 86_400


def retry_after_s(value: str | None, *, now_ms: int) -> float | None:
    """Return how long a server asks to wait (RFC 9110, 10.2.3), in seconds.

    Both forms are read, a number of seconds and a date. What is neither, negative, or longer than a
    month is no advice: None.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 12:  # noqa: PLR2004 - longer ones are nonsense
        seconds = float(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        if moment.tzinfo is None:  # the C form of a date names no zone; all of HTTP's are universal time
            moment = moment.replace(tzinfo=UTC)
        seconds = moment.timestamp() - now_ms / 1000
    return seconds if 0 <= seconds <= _LONGEST_S else None


def last_modified(value: str | None, *, date: str | None) -> str | None:
    """Return a Last-Modified that can be asked about later, None for one that says too little.

    It counts in seconds: a document that changed in the second in which it was sent may have changed in it
    once more, and the server would call that "not modified" (RFC 9110, 8.8.2.2).
    """
    if value is None or date is None:
        return value
    try:
        age = parsedate_to_datetime(date) - parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return value
    return value if age.total_seconds() >= 1 else None
