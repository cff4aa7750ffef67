"""Documents with more entries than anybody posts."""

import json

import pytest

from core.documents.newest import MOST_ENTRIES, newest
from core.entries import Document, ParsedDocument
from core.kinds import parse_as

_MANY = MOST_ENTRIES + 1


@pytest.mark.parametrize(
    ("dates", "is_feed", "chosen"),
    [
        ([3, 2, 1], True, [3, 2]),
        ([1, 2, 3], True, [2, 3]),
        ([1, 2, 3], False, [2, 3]),
        ([3, 2, 1], False, [3, 2]),
        ([7, None, 7], True, [7, None]),
        ([7, None, 7], False, [None, 7]),
        ([None, 5, None], True, [None, 5]),
        ([2, 1], True, [2, 1]),
    ],
)
def test_the_newest_are_chosen(dates: list[int | None], is_feed: bool, chosen: list[int | None]) -> None:
    assert newest(dates, lambda date: date, most=2, is_feed=is_feed) == chosen


def _first_last(parsed: ParsedDocument) -> tuple[str | None, str | None, int, bool]:
    return parsed.entries[0].id, parsed.entries[-1].id, len(parsed.entries), parsed.complete


def test_feed_with_too_many_entries_is_incomplete() -> None:
    items = [f"<item><guid>{n}</guid></item>" for n in range(_MANY)]
    for body in ("".join(items), "".join(items[:-1])):
        parsed = parse_as("feed", Document(body=f"<rss><channel>{body}</channel></rss>".encode(), url=""))
        assert _first_last(parsed) == ("0", str(MOST_ENTRIES - 1), MOST_ENTRIES, body.count("<item>") < _MANY)


def test_dates_tell_that_the_newest_come_last() -> None:
    dates = [f"{1000 + n // 10}-01-01" for n in range(_MANY)]
    dates[0], dates[-1] = "2020-01-01", "2020-01-02"
    items = "".join(f"<item><guid>{n}</guid><date>{date}</date></item>" for n, date in enumerate(dates))
    parsed = parse_as("feed", Document(body=f"<rss><channel>{items}</channel></rss>".encode(), url=""))
    assert _first_last(parsed) == ("1", str(MOST_ENTRIES), MOST_ENTRIES, False)


def test_json_feed_with_too_many_entries_is_incomplete() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": str(n)} for n in range(_MANY)]}
    parsed = parse_as("feed", Document(body=json.dumps(feed).encode(), url=""))
    assert _first_last(parsed) == ("0", str(MOST_ENTRIES - 1), MOST_ENTRIES, False)


def test_json_with_too_many_items_is_incomplete() -> None:
    for count, complete in ((5_000, True), (5_001, False)):
        body = json.dumps([{"id": str(n)} for n in range(count)]).encode()
        for query in ("$", "$[*]"):
            parsed = parse_as("json", Document(body=body, url=""), json.dumps({"items": query}))
            assert _first_last(parsed) == ("0", "4999", 5_000, complete)


def test_list_with_too_many_items_is_incomplete() -> None:
    body = "<!DOCTYPE html><ul>" + "".join(f"<li><a href=/{n}>Title {n}</a>" for n in range(2_001))
    parsed = parse_as("list", Document(body=body.encode(), url="https://e.org/"), '{"item":"li"}')
    assert (len(parsed.entries), parsed.complete) == (2_000, False)
