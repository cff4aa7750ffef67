"""How much room somebody has, what they are told, and what is read as a quota."""

import pytest

from core.errors import UserError
from core.languages import LANGUAGES, speaking
from core.quotas import Room, read_quota

_POPUP = 200
"""Characters of an answer to a press (https://core.telegram.org/bots/api#answercallbackquery)."""


@pytest.mark.parametrize(
    ("used", "limit", "left"),
    [(0, 100, 100), (99, 100, 1), (100, 100, 0), (7, 5, 0), (0, 0, 0), (9, None, None)],
)
def test_what_is_left(used: int, limit: int | None, left: int | None) -> None:
    assert Room(user_id=5, used=used, limit=limit).left == left


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_refusal_says_how_many_the_limit_and_whom_to_ask(language: str) -> None:
    with speaking(language):
        said = str(Room(user_id=-1001234567890, used=9_999_999, limit=8_888_888).refusal())
    for part in ("9999999", "8888888", "/role quota -1001234567890 N"):
        assert part in said
    assert ("owner" if language == "en" else "владельца") in said
    assert len(said) <= _POPUP


@pytest.mark.parametrize(
    ("word", "quota"), [("0", 0), ("7", 7), ("9999999", 9_999_999), ("default", None), ("Default", None)]
)
def test_a_quota(word: str, quota: int | None) -> None:
    assert read_quota(word) == quota


@pytest.mark.parametrize("word", ["", "-1", "1.5", "٣", "²", "10000000", "many", "1e3"])
def test_no_quota(word: str) -> None:
    with pytest.raises(UserError, match="write a number of subscriptions"):
        read_quota(word)
