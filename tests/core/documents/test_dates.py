"""Dates of feeds."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.dates import parse_date

_SECOND = "2024-01-02T03:04:05"
_MOMENTS = st.datetimes(min_value=datetime(1902, 1, 1), max_value=datetime(9998, 1, 1))  # noqa: DTZ001
_ZONES = st.integers(min_value=-12 * 60, max_value=14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Tue, 02 Jan 2024 03:04:05 GMT", _SECOND),
        ("Tue, 02 Jan 2024 03:04:05 +0000", _SECOND),
        ("Tue, 02 Jan 2024 03:04:05 Z", _SECOND),
        (" Tue, 2 Jan 24 03:04:05 UT\n", _SECOND),
        ("02 Jan 2024 03:04:05 +0300", "2024-01-02T00:04:05"),
        ("mar, 02 gen 2024 03:04:05 +0000", _SECOND),
        ("Di., 2. Mai 2024", "2024-05-02T00:00:00"),
        ("mar 01 ene 2024 03:04:05 GMT", "2024-01-01T03:04:05"),
        ("Tue, 02 Jan 2024 03:04 EST", "2024-01-02T08:04:00"),
        ("Tue, 02 Jan 2024 03:04:05 EDT", "2024-01-02T07:04:05"),
        ("Tue, 02 Jan 2024 03:04:05 PDT", "2024-01-02T10:04:05"),
        ("Tue, 02 Jan 2024 03:04:05 IST", "2024-01-01T21:34:05"),
        ("Tue, 02 Jan 2024 03:04:05 XYZ", _SECOND),
        ("Tue, 02 Jan 2024 03:04:05 GMT+0300", "2024-01-02T00:04:05"),
        ("Tue, 02 Jan 2024 03:04:05 UTC-3", "2024-01-02T06:04:05"),
        ("Tue, 02 Jan 2024 03:04:05 +03:00", "2024-01-02T00:04:05"),
        ("Tue, 02 Jan 2024 03:04:60 -0000 (UTC)", "2024-01-02T03:04:59"),
        ("Tue,2 January 2024 3:04:05PM", "2024-01-02T15:04:05"),
        ("Tuesday, 02-Jan-24 03:04:05 GMT", _SECOND),
        ("Thu, 01 Sept 2011 10:00:00 PST", "2011-09-01T18:00:00"),
        ("Wed, 02 Oct 02 15:00:00 +0200", "2002-10-02T13:00:00"),
        ("Thu, 1 Jan 70 00:00:00 GMT", "1970-01-01T00:00:00"),
        ("Fri, 02 Jan 124 03:04:05 GMT", _SECOND),
        ("2 January 2024", "2024-01-02T00:00:00"),
        ("2024-01-02T03:04:05Z", _SECOND),
        ("2024-01-02t03:04:05z", _SECOND),
        ("2024-01-02T03:04:05", _SECOND),
        ("2024-01-02 03:04:05 +00:00", _SECOND),
        ("2024-01-02T03:04:05.678901234+01:00", "2024-01-02T02:04:05.678"),
        ("2024-01-02T03:04:05,5Z", "2024-01-02T03:04:05.500"),
        ("2024-01-02T03:04:05 EST", "2024-01-02T08:04:05"),
        ("2024-01-02T24:00:00Z", "2024-01-03T00:00:00"),
        ("2024-1-2 3:04", "2024-01-02T03:04:00"),
        ("2024/01/02 03:04:05", _SECOND),
        ("20240102T030405Z", _SECOND),
        ("20240102", "2024-01-02T00:00:00"),
        ("2024-01", "2024-01-01T00:00:00"),
        ("2024", "2024-01-01T00:00:00"),
        ("Jan 2, 2024 3:04 PM", "2024-01-02T15:04:00"),
        ("January 2nd, 2024 at 12:04 a.m.", "2024-01-02T00:04:00"),
        ("Tue Jan  2 03:04:05 2024", _SECOND),
        ("Tue Jan 02 03:04:05 EST 2024", "2024-01-02T08:04:05"),
        ("02.01.2024 03:04", "2024-01-02T03:04:00"),
        ("12/31/2024", "2024-12-31T00:00:00"),
        ("31/12/2024 10:00", "2024-12-31T10:00:00"),
        ("5/5/2024", "2024-05-05T00:00:00"),
        ("1704164645", _SECOND),
        ("1704164645678", "2024-01-02T03:04:05.678"),
    ],
)
def test_forms_met_in_feeds(text: str, iso: str) -> None:
    expected = datetime.fromisoformat(iso).replace(tzinfo=UTC)
    assert parse_date(text) == round(expected.timestamp() * 1000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "yesterday",
        "Tue, 31 Feb 2024 00:00:00 GMT",
        "Tue, 02 Foo 2024 00:00:00 GMT",
        "Tue, 02 Jan 2024 25:00:00 GMT",
        "Tue, 02 Jan 2024 03:61:00 GMT",
        "Tue, 02 Jan 2024 13:00 PM",
        "2024-13-45",
        "1/2/2024",
        "0001-01-01T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "9999-12-31T23:59:59-12:00",
        "Fri, 31 Dec 9999 23:59:59 EST",
        "9" * 5000,
        "123",
        "२०२४-०१-०२",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@given(_MOMENTS, _ZONES)
def test_what_the_standard_library_writes_is_read(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=zone)
    expected_ms = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert parse_date(aware.isoformat()) == expected_ms
    assert parse_date(format_datetime(aware)) == expected_ms // 1000 * 1000


@given(
    st.text(max_size=40)
    | st.text("0123456789:+-/. TZJanfebMonGMT,()", max_size=40)
    | st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{2,4} \d\d:\d\d:\d\d [+-]\d{4}", fullmatch=True)
)
def test_dates_never_raise(text: str) -> None:
    moment_ms = parse_date(text)
    assert moment_ms is None or datetime.fromtimestamp(moment_ms // 1000, UTC).year >= 1899
