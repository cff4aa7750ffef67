"""Parameters arrive in four ways."""

import json
from urllib.parse import urlencode

import httpx
import pytest

from simulation.botapi.answers import Refused
from simulation.botapi.parameters import Parameters
from simulation.http import Request

VALUES = {"chat_id": "-5", "text": "a\r\nb & я 😀 = %", "silent": "true"}


def request_of(made: httpx.Request) -> Request:
    headers = tuple((name.lower(), value) for name, value in made.headers.items())
    made.read()
    return Request(method=made.method, target=made.url.raw_path.decode(), headers=headers, body=made.content)


@pytest.mark.parametrize(
    "made",
    [
        httpx.Request("POST", "http://a/x", data=VALUES),
        httpx.Request("POST", "http://a/x", files={name: (None, value) for name, value in VALUES.items()}),
        httpx.Request("POST", "http://a/x", json={"chat_id": -5, "text": VALUES["text"], "silent": True}),
        httpx.Request("GET", "http://a/x?" + urlencode(VALUES)),
    ],
    ids=["urlencoded", "multipart", "json", "query"],
)
def test_every_way_says_the_same(made: httpx.Request) -> None:
    ask = Parameters.of(request_of(made))
    assert ask.integer("chat_id") == -5
    assert ask.text("text") == VALUES["text"]
    assert ask.flag("silent")
    assert not ask.has("nothing")


def test_files_and_quoted_boundaries() -> None:
    body = (
        b'--b c\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--b c\r\nX: no name\r\n\r\nx\r\n--b c--\r\n"
    )
    headers = (("content-type", 'multipart/form-data; boundary="b c"'),)
    ask = Parameters.of(Request(method="POST", target="/x", headers=headers, body=body))
    assert ask.text("photo") == "\udcff\udcd8"
    assert list(ask.values) == ["photo"]


def test_nested_values_may_be_strings() -> None:
    both = Parameters({"a": '{"b": [1]}', "c": {"b": [1]}, "d": "", "e": "{"})
    assert both.value("a") == both.value("c") == {"b": [1]}
    assert both.value("d") is None
    assert both.value("nothing") is None
    with pytest.raises(Refused, match="can't parse e JSON object"):
        both.value("e")


def test_forgiving_numbers() -> None:
    ask = Parameters({"a": "x", "b": None, "c": "7"})
    assert (ask.integer("a", 3), ask.integer("b", 4), ask.integer("c"), ask.integer("d")) == (3, 4, 7, 0)


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/json", b"{"), ("application/json", b"[1]"), ("multipart/form-data", b"x")],
)
def test_unreadable_bodies(kind: str, body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        Parameters.of(Request(method="POST", target="/x", headers=(("content-type", kind),), body=body))
    assert caught.value.code == 400


@pytest.mark.parametrize(("kind", "body"), [("text/plain", b"x=1"), ("application/json", b"")])
def test_bodies_that_say_nothing(kind: str, body: bytes) -> None:
    asked = Request(method="POST", target="/x", headers=(("content-type", kind),), body=body)
    assert json.dumps(Parameters.of(asked).values) == "{}"
