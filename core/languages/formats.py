"""Numbers, durations and moments as the language that holds now writes them (CLDR, by Babel)."""

from datetime import datetime

from core.durations import in_units
from core.languages import gettext as _
from core.languages import marked, spoken

_UNITS = {"d": marked("{count}d"), "h": marked("{count}h"), "m": marked("{count}m"), "s": marked("{count}s")}


def number_text(number: int) -> str:
    """Return a whole number with the marks between thousands that its language uses."""
    from babel.numbers import format_decimal  # a start needs none of it

    return str(format_decimal(number, locale=spoken()))


def tenths_text(number: float) -> str:
    """Return a number with one decimal, after the mark that its language uses."""
    from babel.numbers import format_decimal

    return str(format_decimal(number, "0.0", locale=spoken()))


def moment_in(pattern: str, moment: datetime) -> str:
    """Return a moment by a pattern of CLDR, such as `EEE HH:mm`, with the names of the language."""
    from babel.dates import format_datetime

    return str(format_datetime(moment, pattern, locale=spoken()))


def duration_text(seconds: float) -> str:
    """Return a duration for people, two units at the most: `2h 5m`."""
    return " ".join(_(_UNITS[unit]).format(count=count) for count, unit in in_units(seconds))
