"""Everything the program can mean has words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import core
from core import words
from core.schedule import CheckReason
from core.words import say, speak

NOW_MS = 1_800_000_000_000
NOTICES: dict[str, dict[str, object]] = {
    "add.looking": {"url": "https://site.example/feed"},
    "add.watching": {
        "url": "https://site.example/feed",
        "title": "Site",
        "number": 3,
        "interval_s": 600.0,
        "next_check_ms": NOW_MS + 600_000,
        "entries": 30,
        "kind": "feed",
        "items": ["Newest\nof all", "x" * 500, "https://site.example/a"],
        "queued": 0,
        "data": "new:3",
    },
    "add.unread": {
        "url": "https://site.example/feed",
        "number": 3,
        "next_check_ms": NOW_MS + 1_200_000,
        "error": "http_status",
        "error_args": ["404"],
    },
    "add.question": {
        "url": "https://site.example/",
        "probe_id": 10**17,
        "suggestions": [
            {
                "kind": "feed",
                "url": "https://site.example/feed",
                "title": "\u202e" + "Ж" * 100,
                "why": "the page names it",
            },
            {"kind": "list", "url": "https://site.example/", "title": "", "why": "a list of 9 links"},
        ],
        "error": "",
        "error_args": [],
    },
    "add.known": {"url": "https://site.example/feed", "number": 3},
    "add.linked": {"title": "", "host": "site.example", "queued": True},
    "add.detail": {
        "url": "http://inside.example/",
        "number": 3,
        "error": "address_blocked",
        "error_args": ["inside.example:80", "10.0.0.7"],
    },
    "uncertain.question": {
        "chat": "News",
        "title": "Title",
        "host": "site.example",
        "queue_id": 12,
        "fallback": "Without an answer it is dropped in 1d.",
    },
    "uncertain.answered": {"chat": "News", "title": "", "host": "site.example", "verdict": "sent"},
    "chat.suspended": {"chat": "News", "reason": "kicked"},
    "channel.command": {
        "command": "list",
        "chat": "News",
        "where": "@news",
        "deleted": True,
        "at_ms": NOW_MS,
    },
}


def test_every_notice_is_spoken_here() -> None:
    assert set(NOTICES) == set(words._NOTICES)


@pytest.mark.parametrize("code", NOTICES)
def test_notices_speak(code: str) -> None:
    text, buttons = speak(code, NOTICES[code], now_ms=NOW_MS)
    assert text.strip()
    assert "{" not in text
    assert len(text) < 1000
    for button in (button for row in buttons for button in row):
        assert button.text
        assert 1 <= len(button.data.encode()) <= 64


def test_an_unknown_notice() -> None:
    with pytest.raises(KeyError):
        speak("no.such.notice", {}, now_ms=NOW_MS)


def test_a_new_subscription_without_a_backlog() -> None:
    text, buttons = speak("add.watching", NOTICES["add.watching"], now_ms=NOW_MS)
    assert text == (
        "✅ Site\nNo. 3 · feed · checked every 10m · next check in 10m\n"
        "It shows 30 entries now; only what is new from here on will be posted.\n"
        f"• Newest of all\n• {'x' * 99}…\n• https://site.example/a"
    )
    assert [[button.data for button in row] for row in buttons] == [["new:3"]]


@pytest.mark.parametrize(("entries", "queued"), [(1, 1), (0, 0)])
def test_a_new_subscription_with_nothing_more_to_send(entries: int, queued: int) -> None:
    args = NOTICES["add.watching"] | {"entries": entries, "queued": queued, "title": ""}
    text, buttons = speak("add.watching", args, now_ms=NOW_MS)
    assert text.startswith("✅ https://site.example/feed\n")
    assert ("1 entry now; 1 will be posted" in text) == (queued == 1)
    assert buttons == ()


def test_a_source_that_cannot_be_read() -> None:
    text, _ = speak("add.unread", NOTICES["add.unread"], now_ms=NOW_MS)
    assert "it answered 404. I try again in 20m; /remove 3" in text


@pytest.mark.parametrize(("verdict", "told"), [("sent", "marked as posted"), ("again", "will be sent again")])
def test_answers(verdict: str, told: str) -> None:
    text, buttons = speak(
        "uncertain.answered", NOTICES["uncertain.answered"] | {"verdict": verdict}, now_ms=NOW_MS
    )
    assert text == f"✔️ “site.example” in News: {told}."
    assert buttons == ()


def test_an_unknown_code_speaks_for_itself() -> None:
    assert say("rejected: Bad Request: {odd}") == "rejected: Bad Request: {odd}"


def test_arguments_may_hold_anything() -> None:
    assert say("http_status", "{0}{nothing}") == "it answered {0}{nothing}"


FOLDERS = ("core", "store", "actors")
SAYING = {"reason", "hold", "note", "error"}
MAKERS = {"RefusedUrl", "UnreadableDocument", "BadAddress", "_Failure", "_set", "_hold"}
IN_SQL = re.compile(r"\b(?:reason|note) (?:=|IS NOT) '([a-z_]+)'")
CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")
STATES = {"held", "dropped", "sent"}


def outcomes(node: ast.expr) -> Iterator[str]:
    """Yield the strings that an expression may be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from outcomes(body)
            yield from outcomes(orelse)
        case ast.BoolOp(values=values):
            for value in values:
                yield from outcomes(value)


def codes_of_call(call: ast.Call) -> Iterator[str]:
    if ast.unparse(call.func).startswith("log."):
        return
    for keyword in call.keywords:
        if keyword.arg in SAYING:
            yield from outcomes(keyword.value)
    if ast.unparse(call.func) in MAKERS:
        for argument in call.args:
            yield from outcomes(argument)


def codes_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from codes_of_call(node)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in SAYING:
            yield from outcomes(node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from IN_SQL.findall(node.value)


def used_codes() -> set[str]:
    root = Path(core.__file__).parent.parent
    files = [file for folder in FOLDERS for file in (root / folder).rglob("*.py")]
    found = {code for file in files for code in codes_in(ast.parse(file.read_text(encoding="utf-8")))}
    return {code for code in found if CODE.fullmatch(code)} - STATES


def test_every_code_that_is_used_has_words() -> None:
    used = used_codes() | set(get_args(CheckReason))
    # If these are not found, the search is broken rather than the words complete.
    assert used >= {
        "timeout",
        "not_a_feed",
        "too_long",
        "blocked",
        "merged",
        "chat_expired",
        "uncertain_expired",
    }
    assert {code for code in used if say(code) == code} == set()


def test_buttons_of_a_question_are_named_and_short() -> None:
    _, rows = speak("add.question", NOTICES["add.question"], now_ms=NOW_MS)
    labels = [button.text for row in rows for button in row]
    assert labels[1:] == ["This list", "Only this link"]
    assert labels[0].startswith("1. Feed: ЖЖЖ")
    assert len(labels[0]) <= 60
    assert [button.data for row in rows for button in row] == [f"add:{10**17}:{n}" for n in (0, 1, "link")]


@pytest.mark.parametrize("code", sorted(words.ALIKE))
def test_strangers_cannot_tell_what_is_in_the_way(code: str) -> None:
    assert words.say_alike(code, "host:1", "10.0.0.7") == "it could not be reached"
    assert words.say_alike("http_status", "404") == "it answered 404"


def test_owners_are_told_what_to_allow() -> None:
    text, _ = speak("add.detail", NOTICES["add.detail"], now_ms=NOW_MS)
    assert "set ALLOW_HOSTS=inside.example:80 or ALLOW_NETWORKS=10.0.0.7" in text


def test_nothing_is_said_with_gaps() -> None:
    for code in words._REASONS:
        assert "{" not in say(code), code
    assert say("http_status", 404) == "it answered 404"
