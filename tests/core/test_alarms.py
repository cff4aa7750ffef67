"""Cards about sources in trouble, in words."""

import pytest

from core.alarms import ALARMS
from core.upkeep_words import UPKEEP
from core.words import speak

NOW_MS = 1_800_000_000_000
SINCE_MS = NOW_MS - 7 * 3_600_000
SITE = {"title": "Site", "since_ms": SINCE_MS}
FLOOD: dict[str, object] = {"sources": [["Site", 30], ["Shop", 21]], "others": 0, "links": 51, "newest": 9}
CARDS: dict[str, tuple[dict[str, object], str]] = {
    "source.failing": (
        SITE | {"error": "http_status", "error_args": ["500"]},
        "⚠️ “Site” cannot be read for 7h: it answered 500. I go on trying.",
    ),
    "source.empty": ({**SITE}, "⚠️ “Site” shows nothing for 7h, and used to. Has the page changed?"),
    "source.silent": (
        {**SITE},
        "🔇 “Site” has had nothing new for 7h, three times as long as usual or more.",
    ),
    "source.gone": (
        {"title": "Site"},
        (
            "🪦 “Site” is gone for good, says its server (410). I do not ask it any more; "
            "/add its address to try again."
        ),
    ),
    "source.well": ({"title": "Site", "was": "empty", "watched": True}, "✔️ “Site” is well again."),
    "source.back": ({"title": "Site", "was": "failing", "watched": True}, "✅ “Site” works again."),
    "network.failing": (
        {"since_ms": SINCE_MS},
        (
            "🌐 More than a fifth of all sources cannot be read for 7h, and they began to fail together. "
            "This is my network, not your sources."
        ),
    ),
    "network.works": ({}, "🌐 My network works again."),
    "flood.question": (
        FLOOD,
        (
            "🌊 51 new links at once, far more than usual. I hold them back:\n30 from Site\n21 from Shop\n"
            "Did the site only change its addresses? Then drop them."
        ),
    ),
    "link.no_erid": (
        {"chat": "-1001", "host": "shop.example"},
        (
            "⏸ Links to shop.example are held in -1001: it requires an erid, and they have none.\n"
            "/link -1001 add shop.example erid=... gives them one; they go out then."
        ),
    ),
    "facts.question": (
        {
            "queue_id": 3,
            "chat": "Channel",
            "url": "a.example/",
            "error": "address_blocked",
            "error_args": ["a.example", "10.0.0.7"],
        },
        (
            "❓ a.example/\nIts page shows neither title nor picture (it could not be reached). "
            "Publish the bare address to Channel?"
        ),
    ),
    "facts.answered": (
        {"url": "a.example/", "verdict": "drop"},
        "✔️ a.example/ is dropped.",
    ),
    "flood.answered": ({"verdict": "drop", "links": 51}, "🌊 51 links that were held back are dropped."),
}


def test_every_alarm_is_spoken_here() -> None:
    assert set(CARDS) == set(ALARMS) - set(UPKEEP)


@pytest.mark.parametrize("code", CARDS)
def test_alarms_speak(code: str) -> None:
    args, said = CARDS[code]
    text, buttons = speak(code, args, now_ms=NOW_MS)
    assert text == said
    subject = {"flood.question": "flood:9", "facts.question": "facts:3"}.get(code)
    expected = [f"{subject}:post", f"{subject}:drop"] if subject else []
    assert [button.data for row in buttons for button in row] == expected


def test_what_closes_a_card_tells_what_was() -> None:
    silent = {"title": "Site", "was": "silent", "watched": True}
    assert speak("source.back", silent, now_ms=NOW_MS)[0] == "✅ “Site” shows something new again."
    unwatched = {"title": "Site", "was": "failing", "watched": False}
    assert speak("source.well", unwatched, now_ms=NOW_MS)[0] == "✔️ “Site” is not watched any more."


def test_many_sources_and_long_titles_stay_short() -> None:
    args = FLOOD | {"sources": [["x" * 5000, 30]] * 5, "others": 95}
    text, _ = speak("flood.question", args, now_ms=NOW_MS)
    assert len(text) < 1500
    assert "and more from 95 other sources" in text


def test_a_trouble_that_has_just_begun() -> None:
    args = {"title": "Site", "since_ms": NOW_MS - 5}
    assert "for 1m" in speak("source.empty", args, now_ms=NOW_MS)[0]
