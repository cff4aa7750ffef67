"""What people type after /post."""

import pytest

from core.errors import UserError
from core.posting.post_request import PostRequest, parse_post
from core.requests import Target


@pytest.mark.parametrize(
    ("typed", "request_"),
    [
        ("https://a.example/x", PostRequest(urls=("https://a.example/x",))),
        ("a.example/x a.example/x", PostRequest(urls=("https://a.example/x",))),
        (
            "@channel https://a.example/x NOW again",
            PostRequest(urls=("https://a.example/x",), target=Target(chat="@channel"), now=True, again=True),
        ),
        (
            "https://a.example/x -100123/5 at=8:05",
            PostRequest(
                urls=("https://a.example/x",), target=Target(chat=-100123, topic_id=5), at_min=8 * 60 + 5
            ),
        ),
    ],
)
def test_words_in_any_order(typed: str, request_: PostRequest) -> None:
    assert parse_post(typed) == request_


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Send links"),
        ("now", "Send links"),
        ("https://a.example/x at=25:00", "time of the day"),
        ("https://a.example/x at=", "time of the day"),
        ("https://a.example/x now at=10:00", "Say one"),
        ("https://a.example/x tomorrow", "web address"),
        (" ".join(f"https://a.example/{n}" for n in range(51)), "At most 50"),
    ],
)
def test_what_is_refused(typed: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse_post(typed)
