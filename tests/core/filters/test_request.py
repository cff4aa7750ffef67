"""What people type after /filter."""

import pytest

from core.errors import UserError
from core.filters.parsing import parse_rules
from core.filters.request import FilterRequest, parse_filter
from core.requests import Target

RULE = parse_rules("block title ~ x")
HERE = Target(chat="@news", topic_id=4)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", FilterRequest(action="show")),
        ("3", FilterRequest(action="show", number=3)),
        ("@news/4", FilterRequest(action="show", target=HERE)),
        ("@news/4 3 ", FilterRequest(action="show", target=HERE, number=3)),
        ("block title ~ x", FilterRequest(action="add", rules=RULE)),
        ("  @news/4   3  Block title ~ x ", FilterRequest(action="add", target=HERE, number=3, rules=RULE)),
        ("3\nblock title ~ x", FilterRequest(action="add", number=3, rules=RULE)),
        ("3 remove 2", FilterRequest(action="remove", number=3, which=2)),
        ("remove 2", FilterRequest(action="remove", which=2)),
        ("3 OFF", FilterRequest(action="off", number=3)),
        ("off", FilterRequest(action="off")),
        ("test", FilterRequest(action="test")),
        ("test 3", FilterRequest(action="test", number=3)),
        ("test 3 block title ~ x", FilterRequest(action="test", number=3, rules=RULE)),
        ("3 test block title ~ x", FilterRequest(action="test", number=3, rules=RULE)),
        ("test block title ~ x", FilterRequest(action="test", rules=RULE)),
    ],
)
def test_requests(text: str, meant: FilterRequest) -> None:
    assert parse_filter(text) == meant


@pytest.mark.parametrize("text", ["remove", "3 remove x", "remove 2 3", "off 3", "@news what", "test what"])
def test_mistakes_are_told(text: str) -> None:
    with pytest.raises(UserError):
        parse_filter(text)
