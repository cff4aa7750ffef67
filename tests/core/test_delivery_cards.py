"""Cards about approval and about posts that waited too long."""

import pytest

from core.delivery_cards import DELIVERY_CARDS
from core.words import speak

LINK = {
    "chat": "News",
    "title": "Title",
    "host": "site.example",
    "url": "https://site.example/1",
    "queue_id": 12,
}


def test_every_card_is_spoken_here() -> None:
    assert set(DELIVERY_CARDS) == {"approval.question", "approval.answered", "chat.expired"}


def test_a_link_waits_for_approval() -> None:
    text, rows = speak("approval.question", LINK, now_ms=0)
    assert "Title" in text
    assert "https://site.example/1" in text
    assert [(button.text, button.data) for row in rows for button in row] == [
        ("Publish", "apr:12:publish"),
        ("Drop", "apr:12:drop"),
    ]


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
