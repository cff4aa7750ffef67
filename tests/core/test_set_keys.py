"""The words after /set."""

import pytest

from core.errors import UserError
from core.requests import Target
from core.set_keys import KEYS, SetRequest, parse_set


def changes(text: str, command: str = "set") -> dict[str, object]:
    return dict(parse_set(f"3 {text}", interval_min_s=60, command=command).changes)


def test_pairs_with_and_without_quotes() -> None:
    assert changes('every=30m title="every=1h is a title" silent=YES preview=off') == {
        "every": 1800.0,
        "title": "every=1h is a title",
        "silent": True,
        "preview": False,
    }
    assert changes("title=Two words every=1h") == {"title": "Two words", "every": 3600.0}
    assert changes("header=Cookie: a=b; c=d user_agent=“Mozilla/5.0 (X11)”") == {
        "header": ("Cookie", "a=b; c=d"),
        "user_agent": "Mozilla/5.0 (X11)",
    }


def test_headers_may_be_several() -> None:
    request = parse_set('3 header="A: 1" header="B: 2"', interval_min_s=60)
    assert request.changes == (("header", ("A", "1")), ("header", ("B", "2")))


@pytest.mark.parametrize("key", KEYS)
def test_every_key_can_be_cleared(key: str) -> None:
    assert changes(f"{key}=") == changes(f"{key}=default") == {key: None}


def test_places_and_numbers() -> None:
    assert parse_set("", interval_min_s=60) == SetRequest()
    assert parse_set("@channel/45", interval_min_s=60) == SetRequest(
        target=Target(chat="@channel", topic_id=45)
    )
    assert parse_set(" 3 ", interval_min_s=60) == SetRequest(number=3)
    request = parse_set("-1001  12\nsilent=yes", interval_min_s=60)
    assert request == SetRequest(target=Target(chat=-1001), number=12, changes=(("silent", True),))


def test_commands_that_set_one_thing() -> None:
    assert changes("30m", "set_interval") == changes("30m", "setinterval") == {"every": 1800.0}
    assert changes("A title: every=1h", "set_title") == {"title": "A title: every=1h"}
    assert changes("silent=yes", "set_default") == {"silent": True}
    with pytest.raises(UserError, match="no “tags”"):
        changes("#news", "set_hashtags")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3 every=30s", "shortest interval"),
        ("3 colour=red every=1h", "no “colour”"),
        ("3 every=1h colour", "no duration"),
        ('3 silent=yes "colour"', "yes or no"),
        ("3 title", "no “title” to set"),
        ("three every=1h", "number of a source first"),
    ],
)
def test_wrong_words(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        parse_set(text, interval_min_s=60)


def test_rules_are_kept_as_they_are_written_back() -> None:
    written = {"filter": "block title ~ a\nkeep price < 5", "silent": True}
    assert changes('filter="block title~a; keep price<5" silent=yes') == written
    assert changes("filter=block title ~ a; keep price < 5 silent=yes") == written
    assert changes("filter=off") == {"filter": ""}
    with pytest.raises(UserError, match="expected a fact"):
        changes("filter=block")
