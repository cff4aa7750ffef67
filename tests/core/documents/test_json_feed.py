"""JSON Feed."""

import json
from typing import Any

import pytest

from core.documents.json_feed import parse_json_feed
from core.entries import Document, Enclosure, Entry, ParsedDocument
from core.errors import UnreadableDocument

_VERSION = "https://jsonfeed.org/version/1.1"


def _parse(body: str | bytes) -> ParsedDocument:
    raw = body if isinstance(body, bytes) else body.encode()
    return parse_json_feed(Document(body=raw, url="https://e.org/feed.json"))


def _entry(**item: Any) -> Entry:
    (entry,) = _parse(json.dumps({"version": _VERSION, "items": [item]})).entries
    return entry


def test_numbers_are_strings() -> None:
    assert _entry(id=12, title="x").id == "12"
    body = '{"version": "%s", "items": [{"id": %s, "url": "/1"}]}' % (_VERSION, "9" * 5000)  # noqa: UP031
    assert _parse(body).entries[0].url == "https://e.org/1"


def test_url_comes_from_wherever_it_is() -> None:
    assert _entry(id="x", url="/a", external_url="/b").url == "https://e.org/a"
    assert _entry(id="x", external_url="/b").url == "https://e.org/b"
    assert _entry(id="https://e.org/c").url == "https://e.org/c"
    assert _entry(id="x").url is None


def test_summary() -> None:
    assert _entry(id="1", summary="a <b> c", content_html="<p>x</p>").summary == "a &lt;b&gt; c"
    assert _entry(id="1", content_html="<p>x</p>", content_text="x").summary == "<p>x</p>"
    assert _entry(id="1", content_text="1 < 2").summary == "1 < 2"


def test_values_of_a_wrong_type_are_passed_over() -> None:
    entry = _entry(
        id="1", title=["x"], tags=[1, None, "a", "a"], authors={}, author="x", attachments=["x", {}]
    )
    assert entry == Entry(id="1", tags=("1", "a"))


def test_attachments() -> None:
    files = [{"url": "/a.jpg", "mime_type": "image/jpeg", "size_in_bytes": 5}]
    entry = _entry(id="1", attachments=files)
    assert entry.enclosures == (
        Enclosure(url="https://e.org/a.jpg", media_type="image/jpeg", length_bytes=5),
    )
    assert entry.image == "https://e.org/a.jpg"


def test_date_of_change_stands_in() -> None:
    assert _entry(id="1", date_published="?", date_modified="1970-01-01T00:00:01Z").published_ms == 1000


def test_entries_without_anything_are_passed_over() -> None:
    assert _parse('{"items": [{}, 1, null, [], {"id": "x"}]}').entries == (Entry(id="x"),)


def test_surrogates_and_raw_controls() -> None:
    entry = _parse('{"items": [{"id": "a\\ud800", "title": "x\ny\\u0000"}]}').entries[0]
    assert (entry.id, entry.title) == ("a", "x y")


def test_damage_costs_only_what_follows() -> None:
    feed = _parse('{"title": "T", "items": [{"id": "1"}, {"id": "2"}, {"id": oops}, {"id": "3"}]}')
    assert [entry.id for entry in feed.entries] == ["1", "2"]
    assert feed.title == "T"
    feed = _parse('{"author": {,}, "items": [{"id": "1"}]}')
    assert [entry.id for entry in feed.entries] == ["1"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("[]", "not_a_feed"),
        ('{"a": 1}', "not_a_feed"),
        ("{", "broken"),
        ('["items": [', "broken"),
        ('{"items": ' + "[" * 100_000, "broken"),
        ('{"items": [' + '{"a":' * 100_000, "broken"),
    ],
)
def test_unreadable(body: str, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        _parse(body)
    assert caught.value.code == code
