"""Requests of another process as lines of JSON: there and back they are the same, and others are refused."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access import Access
from core.errors import DatabaseInUse, TransientError, UserError
from core.page_policy import PagePolicy
from core.protocol import Place
from store import adding, adoption, by_hand, calls, chats, exchange, removing
from store.adding import Wish
from store.adoption import KnownLink, Recorded
from store.removing import Removal, Removed
from store.subscriptions import Subscribed

HERE = Place(chat_id=-100123, topic_id=4)
WISH = Wish(
    place=HERE,
    url="https://user:word@a.example/f?x=1",
    backlog="none",
    access=Access(origin="https://a.example", headers=(("Authorization", "Basic x"),)),
    interval_s=30.0,
)
CHANGES = (("title", "30"), ("silent", True), ("expire", 30.0), ("filter", ("a", "b")), ("media", None))
ENTRY = exchange.Incoming(wish=WISH, changes=CHANGES, paused=True)
LINK = KnownLink(key="a.example/x", url="https://a.example/ж\u2028", at_ms=1, message_id=None)


@pytest.mark.parametrize(
    ("function", "args", "kwargs", "value"),
    [
        (adding.add, (WISH,), {"now_ms": 5}, Subscribed(subscription_id=1, number=2, created=True)),  # type: ignore[arg-type]
        (
            removing.remove,
            (),
            {"chat_id": 1, "which": "all", "now_ms": 5},
            Removal(sources=(Removed(number=1, title="", url="u"),), removal_id=7),
        ),
        (by_hand.queue_link, (HERE,), {"url": "u", "pages": PagePolicy(fetch=True), "now_ms": 1}, True),
        (exchange.take, ([ENTRY],), {"now_ms": 5}, exchange.Taken(new=1)),
        (
            adoption.record,
            ([LINK],),
            {"chat_id": 1, "now_ms": 5},
            Recorded(new_links=1, settled=Counter({"held": 2})),
        ),
        (chats.ensure, (1,), {"chat_type": "channel"}, None),
        (exchange.topics_by_name, (1,), {}, {"новости": 4}),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_a_request_and_its_answer_arrive_as_they_were(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], value: object
) -> None:
    line = calls.write_request(function, args, kwargs)
    assert line.count(b"\n") == 1
    asked = calls.read_request(line)
    assert asked.call.function is function
    first = dict(zip(list(asked.call.arguments.model_fields), args, strict=False))
    assert asked.arguments == first | kwargs
    answer = calls.write_value(asked.call, value)
    assert answer.count(b"\n") == 1
    assert calls.read_answer(function, answer) == value


def test_types_of_options_arrive_as_they_were() -> None:
    asked = calls.read_request(calls.write_request(exchange.take, ([ENTRY],), {"now_ms": 5}))
    [entry] = asked.arguments["entries"]
    assert [type(value) for _, value in entry.changes] == [type(value) for _, value in CHANGES]


def _line(**changes: object) -> bytes:
    said = {"v": calls.PROTOCOL, "do": "chats.ensure", "with": {"chat_id": 1}} | changes
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        _line(v=calls.PROTOCOL - 1),
        _line(v=None),
        _line(do="queue.enqueue"),
        _line(do=["chats.ensure"]),
        _line(do="chats.ensure.__globals__"),
        _line(**{"with": None}),
        _line(**{"with": {}}),
        _line(**{"with": {"chat_id": "much"}}),
        _line(**{"with": {"chat_id": 1, "db": 2}}),
    ],
    ids=range(14),
)
def test_other_lines_are_refused_in_words(line: bytes) -> None:
    with pytest.raises(calls.BadLine, match=r"no line of JSON|another version"):
        calls.read_request(line)


@given(st.binary(max_size=60))
@settings(max_examples=50)
def test_nothing_else_is_raised(line: bytes) -> None:
    with pytest.raises(calls.BadLine):
        calls.read_request(line)


def test_errors_arrive_as_what_they_are() -> None:
    with pytest.raises(UserError, match="no such chat"):
        calls.read_answer(chats.ensure, calls.write_error(UserError("no such chat")))
    with pytest.raises(TransientError, match="disk is full"):
        calls.read_answer(chats.ensure, calls.write_error(TransientError("the disk is full")))
    for line in (b"?\n", b"3\n", b'{"error":1}\n', b"{}\n", b'{"value":"x"}\n'):
        with pytest.raises(DatabaseInUse, match="another version"):
            calls.read_answer(adding.add, line)


def test_a_line_has_its_limit() -> None:
    with pytest.raises(UserError, match="too much at once"):
        calls.write_request(chats.ensure, (1,), {"title": "x" * calls.LONGEST_LINE_BYTES})
