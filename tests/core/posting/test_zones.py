"""Names of time zones, typed and found."""

import pytest

from core.errors import UserError
from core.posting.zones import find_zone, host_zone, zone_of


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Moscow", "Europe/Moscow"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("gmt", "GMT"),
        ("etc/gmt+3", "Etc/GMT+3"),
    ],
)
def test_zones_are_found(typed: str, name: str) -> None:
    assert find_zone(typed) == name


@pytest.mark.parametrize(
    "typed", ["", "Atlantis", "../etc/passwd", "Europe/", "/etc/localtime", "GMT+3", "gmt-11"]
)
def test_what_is_no_zone_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="no time zone"):
        find_zone(typed)


def test_a_refusal_helps() -> None:
    with pytest.raises(UserError, match="Perhaps Europe/Berlin"):
        find_zone("berl")


def test_the_first_zone_that_there_is_counts() -> None:
    assert zone_of(None, "Gone/Away", "America", "Asia/Tokyo").key == "Asia/Tokyo"
    assert zone_of(None, "").key == "UTC"


@pytest.mark.parametrize(
    ("variable", "path", "name"),
    [
        ("Asia/Tokyo", "/usr/share/zoneinfo/Europe/Berlin", "Asia/Tokyo"),
        (":Asia/Tokyo", "", "Asia/Tokyo"),
        (None, "/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        (":/usr/share/zoneinfo/Asia/Tokyo", "", "Asia/Tokyo"),
        (None, "/etc/localtime", "UTC"),
        ("CET-1CEST", "/usr/share/zoneinfo/posix/Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_the_zone_of_the_host(variable: str | None, path: str, name: str) -> None:
    assert host_zone(variable, [path]) == name
