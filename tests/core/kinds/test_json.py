"""The kind "json": queries, their bounds, hostile documents."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.entries import Document, Entry, ParsedDocument
from core.errors import UnreadableDocument, UserError
from core.kinds.json import AnyJson, JsonRules

_JSON = AnyJson()


def _parse(value: Any, **rules: str) -> ParsedDocument:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return _JSON.parse(
        Document(body=body, url="https://e.org/api/v1"), JsonRules(**({"items": "$[*]"} | rules))
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b" ", "empty"),
        (b"<html>", "not_json"),
        (b'[{"url": "/1"}', "not_json"),
        (b"[" * 100_000, "broken"),
    ],
)
def test_unreadable(body: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        _parse(body)
    assert caught.value.code == code


def test_nested_deeper_than_a_query_may_go() -> None:
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(UnreadableDocument, match="nested"):
        _parse(deep, items="$..url")


@pytest.mark.parametrize(
    "rules",
    [
        "{}",
        '{"title": "$.a"}',
        '{"items": "$.a["}',
        '{"items": "$.a", "link": "$..a..b"}',
        '{"items": "$.a[?count($.a[*]) > 5]"}',
        '{"items": "$[?search(@.a, \'(a+)+$\')]"}',
        '{"items": "$' + "[0]" * 30 + '"}',
        '{"items": "$[?nope(@.a)]"}',
        '{"item": "$.a"}',
        "nonsense",
    ],
    ids=lambda rules: rules[:40],
)
def test_wrong_rules_are_said_with_an_example(rules: str) -> None:
    with pytest.raises(UserError, match=r"Example|like \$"):
        _JSON.read_rules(rules)


def test_rules_are_needed() -> None:
    with pytest.raises(UserError, match="where its items are"):
        _JSON.parse(Document(body=b"[]", url=""))


def test_bounded_results() -> None:
    many = [{"url": f"/{n}"} for n in range(9000)]
    assert len(_parse(many).entries) == len(_parse(many, items="$").entries) == 5000


def test_values_that_are_not_text() -> None:
    item = {"url": ["/1"], "title": True, "id": 12.5, "date": {"x": 1}, "image": "ftp://e.org/x"}
    assert _parse([item]).entries == (Entry(id="12.5"),)
    assert _parse([{"url": "mailto:a@e.org", "title": "t"}]).entries == (Entry(title="t"),)


def test_values_of_items_that_are_no_objects() -> None:
    assert _parse([["/1", "T"]], link="$[0]", title="[1]").entries == (
        Entry(url="https://e.org/1", title="T"),
    )
    assert _parse(["/1"], link="$").entries == (Entry(url="https://e.org/1"),)
    assert _parse(["/1"], link="$.x", title="$").entries == (Entry(title="/1"),)


def test_numbers_of_5000_digits() -> None:
    body = b'[{"url": "/1", "id": ' + b"9" * 5000 + b"}, NaN]"
    assert _parse(body).entries[0].id == "9" * 5000


def test_queries_may_hold_quoted_signs() -> None:
    assert _parse({"a..b": {"$": ["/1"]}}, items="$['a..b']['$'][*]").entries[0].url == "https://e.org/1"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["url", "title", "id", "x"]), inner)
    ),
    max_leaves=20,
)


@given(_VALUES, st.sampled_from(["$", "$[*]", "$..url", "$.x", "$[?@.url]"]))
def test_any_json_is_read(value: Any, items: str) -> None:
    str(_parse(value, items=items)).encode()


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(UnreadableDocument):
        _parse(body)
