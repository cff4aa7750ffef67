"""Dates as feeds write them, as epoch milliseconds UTC."""

import re
from datetime import UTC, date, datetime, timedelta

_LONGEST = 80
_FIRST_YEAR = 1900  # year 1 is how .NET and Go write "no date"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH_DAY = _EPOCH.toordinal()
_LATEST_MS = 253_402_300_799_999  # the end of the year 9999

_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), start=1)}
_MIDDLES = {f" {name.capitalize()} ": f"-{number:02}-" for name, number in _MONTHS.items()}
# As feeds write them in Italian, Spanish, Portuguese and, mostly, German and French; told by three letters.
_ELSEWHERE = "gen ene fev mrz abr avr mai mag giu lug ago set ott out okt dic dez"
_MONTHS |= dict(
    zip(_ELSEWHERE.split(), (1, 1, 2, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 10, 10, 12, 12), strict=True)
)
# Names of RFC 822, section 5.1, and those met most in feeds. Unknown names count as UTC (RFC 5322, 4.3).
_ZONES = """
    ut 0 utc 0 gmt 0 z 0 wet 0 ast -4 adt -3 est -5 edt -4 cst -6 cdt -5 mst -7 mdt -6 pst -8 pdt -7
    akst -9 akdt -8 hst -10 west 1 bst 1 cet 1 mez 1 cest 2 mesz 2 eet 2 eest 3 msk 3 msd 4 ist 5.5
    hkt 8 sgt 8 awst 8 jst 9 kst 9 aest 10 aedt 11 nzst 12 nzdt 13
""".split()  # noqa: SIM905 - a table of names and hours reads better in two lines
_ZONE_MINUTES = {name: int(float(hours) * 60) for name, hours in zip(_ZONES[::2], _ZONES[1::2], strict=True)}

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_HALF = r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
_ZONE = r"(?:(?P<zone>[a-z]{1,5})?\s*(?P<sign>[+-])(?P<zh>\d{1,2}):?(?P<zm>\d{2})?|(?P<named>[a-z]{1,5}))"
_END = r"\s*(?:\([^()]*\))?"
_TAIL = rf"(?:(?:\s*[t,@]\s*|\s+)(?:at\s+)?{_CLOCK}{_HALF}\s*{_ZONE}?)?{_END}"
_WEEKDAY = r"(?:[a-z]{2,9}\.?(?:\s*,\s*|\s+))?"
_MONTH = r"(?P<month>[a-z]{3,9})"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


_FORMS = (
    # RFC 822 and 5322, RFC 850, with or without weekday: "Tue, 2 Jan 2024 03:04:05 EST"
    _form(rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.?[\s-]+{_MONTH}\.?,?[\s-]+(?P<year>\d{{2,4}}){_TAIL}"),
    # ISO 8601, RFC 3339 and W3CDTF, also with "/" or "." and with single digits: "2024-1-2 03:04+01"
    _form(
        rf"(?P<year>\d{{4}})(?:[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}}))?)?{_TAIL}",
    ),
    _form(
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        rf"(?:t?(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?\s*{_ZONE}?)?{_END}"
    ),
    # American, with the month first
    _form(rf"{_WEEKDAY}{_MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TAIL}"),
    # asctime and date(1): "Tue Jan  2 03:04:05 EST 2024"
    _form(rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s*{_ZONE}?\s+(?P<year>\d{{4}})"),
    # Day first with dots, as in German and Russian
    _form(rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_TAIL}"),
    # Slashes, "12/31/2024" or "31/12/2024": taken only where one of them cannot be a month
    _form(rf"{_WEEKDAY}(?P<either>\d{{1,2}})/(?P<other>\d{{1,2}})/(?P<year>\d{{4}}){_TAIL}"),
)
_SECONDS = re.compile(r"\d{9,10}(?:\d{3})?", re.ASCII)


def parse_date(text: str) -> int | None:
    """Read a date of a feed: RFC 822 and 5322, ISO 8601 and RFC 3339, and frequent wrong forms.

    A time without a zone is UTC, a date without a time its midnight. Years before 1900 and after 9999
    are no dates.

    Returns:
        Epoch milliseconds UTC, or None where there is no date. Never raises.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    quick = _iso(text) if text[4:5] == "-" else _common(text)
    if quick is not None:
        return quick
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _moment(found.groupdict(default=""))
    if _SECONDS.fullmatch(text):
        return int(text) if len(text) > 10 else int(text) * 1000  # noqa: PLR2004 - digits of 2286 in seconds
    return None


def _common(text: str) -> int | None:
    """Nine of ten dates of RSS, "Tue, 02 Jan 2024 03:04:05 +0000": ten times faster than the forms."""
    middle = _MIDDLES.get(text[7:12])
    if middle is None or text[3:5] != ", " or text[25:26] != " ":
        return None
    zone = text[26:]
    return _iso(f"{text[12:16]}{middle}{text[5:7]}T{text[17:25]}{'+00:00' if zone == 'GMT' else zone}")


def _iso(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        if moment.year < _FIRST_YEAR:
            return None
        moment_ms = (moment - _EPOCH) // _MILLISECOND
    except (ValueError, OverflowError):
        return None
    return moment_ms if moment_ms <= _LATEST_MS else None


def _moment(part: dict[str, str]) -> int | None:
    year = _year(part["year"])
    month, day = _month_and_day(part)
    if year < _FIRST_YEAR:
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    seconds = _seconds_of_day(part)
    if seconds is None:
        return None
    fraction = (part.get("fraction") or "0")[:3].ljust(3, "0")
    moment_ms = (days * 86_400 + seconds - _zone_minutes(part) * 60) * 1000 + int(fraction)
    return moment_ms if moment_ms <= _LATEST_MS else None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:  # noqa: PLR2004 - RFC 5322, 4.3: 00 to 49 are of this century
        return year + (2000 if year < 50 else 1900)  # noqa: PLR2004
    return year + 1900 if len(digits) == 3 else year  # noqa: PLR2004 - the same section


def _month_and_day(part: dict[str, str]) -> tuple[int, int]:
    if "either" in part:
        either, other = int(part["either"]), int(part["other"])
        if either > 12:  # noqa: PLR2004 - months of a year
            return other, either
        return (either, other) if other > 12 or other == either else (0, 0)  # noqa: PLR2004
    month = part["month"] or "1"
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    return number, int(part["day"] or 1)


def _seconds_of_day(part: dict[str, str]) -> int | None:
    hour, minute, second = (int(part.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := part.get("half", "").lower():
        if not 1 <= hour <= 12:  # noqa: PLR2004 - hours of a half day
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and minute == second == 0:  # noqa: PLR2004 - ISO 8601 lets a day end at 24:00
        return 86_400
    if hour > 23 or minute > 59 or second > 60:  # noqa: PLR2004 - 60 is a leap second
        return None
    return hour * 3600 + minute * 60 + min(second, 59)


def _zone_minutes(part: dict[str, str]) -> int:
    if not part.get("sign"):
        return _ZONE_MINUTES.get(part.get("named", "").lower(), 0)
    minutes = int(part["zh"]) * 60 + int(part["zm"] or 0)
    return -minutes if part["sign"] == "-" else minutes
