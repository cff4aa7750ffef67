"""Cards about approval and about posts that waited too long."""

import pytest

from core.delivery_cards import DELIVERY_CARDS, approval_buttons, waiting_buttons
from core.words import speak

LINK = {
    "chat": "News",
    "title": "Title",
    "host": "site.example",
    "url": "https://site.example/1",
    "queue_id": 12,
}


def test_every_card_is_spoken_here() -> None:
    assert set(DELIVERY_CARDS) == {
        "approval.question",
        "approval.answered",
        "chat.expired",
        "amendment.refused",
        "receipt.day",
    }


@pytest.mark.parametrize(("kind", "said"), [("delete", "could not be deleted"), ("sold", "be changed")])
def test_a_change_is_refused(kind: str, said: str) -> None:
    text, _ = speak("amendment.refused", {"kind": kind, "title": "Title", "error": "kicked"}, now_ms=0)
    assert said in text
    assert "the bot is not in the chat" in text


def test_a_link_waits_for_approval() -> None:
    text, rows = speak("approval.question", LINK, now_ms=0)
    assert "Title" in text
    assert "https://site.example/1" in text
    assert [(button.text, button.data) for row in rows for button in row] == [
        ("Publish", "apr:12:0:publish"),
        ("Edit", "edit:12"),
        ("Drop", "apr:12:0:drop"),
    ]


def test_the_card_shows_the_text_that_somebody_wrote() -> None:
    own = {"own": "My words " * 500, "version": 3, "written_by": "Ann"}
    text, rows = speak("approval.question", LINK | own, now_ms=0)
    assert "My words" in text
    assert "written by Ann" in text
    assert "Title" not in text
    assert len(text) < 4096
    assert rows[0][0].data == "apr:12:3:publish"


def test_buttons_fit_into_what_telegram_takes() -> None:
    for row in (approval_buttons(10**18 - 1, 10**9 - 1), waiting_buttons(10**18 - 1)):
        assert all(len(button.data.encode()) <= 64 for button in row)


@pytest.mark.parametrize(("verdict", "said"), [("publish", "will be posted"), ("drop", "dropped")])
def test_it_was_decided(verdict: str, said: str) -> None:
    text, rows = speak("approval.answered", LINK | {"verdict": verdict, "by": "Ann", "title": ""}, now_ms=0)
    assert said in text
    assert "Ann: site.example" in text
    assert rows == ()


@pytest.mark.parametrize(("count", "said"), [(1, "1 post for News"), (3, "3 posts for News")])
def test_posts_waited_too_long(count: int, said: str) -> None:
    text, _ = speak("chat.expired", {"chat": "News", "reason": "kicked", "count": count}, now_ms=0)
    assert said in text
    assert "the bot is not in the chat" in text
