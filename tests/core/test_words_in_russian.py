"""What cards say to somebody who reads Russian."""

import pytest

from core.durations import format_duration
from core.languages import speaking
from core.languages.formats import duration_text, number_text
from core.posting.shown import moment_text
from core.receipts import receipt_text
from core.words import say, speak

HOUR_MS = 3_600_000


def test_a_reason_is_put_into_the_card_of_its_reader() -> None:
    args = {"title": "Example", "error": "http_status", "error_args": [503], "since_ms": 0}
    with speaking("ru"):
        text, _buttons = speak("source.failing", args, now_ms=2 * HOUR_MS)
    assert text == "⚠️ «Example» не читается уже 2 ч: ответ сервера: 503. Продолжаю пробовать."


@pytest.mark.parametrize(
    ("links", "said"),
    [(21, "21 задержанная ссылка"), (3, "3 задержанные ссылки"), (5, "5 задержанных ссылок")],
)
def test_a_count_has_the_form_that_russian_has_for_it(links: int, said: str) -> None:
    with speaking("ru"):
        text, _buttons = speak("flood.answered", {"links": links, "verdict": "post"}, now_ms=0)
    assert said in text


def test_a_question_in_doubt_says_its_fallback_in_the_language_of_its_reader() -> None:
    args = {"chat": "@news", "title": "Story", "host": "example.com", "queue_id": 7, "then": "drop"}
    with speaking("ru"):
        text, (row,) = speak("uncertain.question", {**args, "wait_s": 7200}, now_ms=0)
    assert text.endswith("Без ответа отброшу через 2 ч.")
    assert [button.data for button in row] == ["unc:7:sent", "unc:7:again"]


def test_a_question_of_an_older_version_keeps_its_fallback() -> None:
    args = {"chat": "@news", "title": "Story", "host": "example.com", "queue_id": 7}
    text, _buttons = speak("uncertain.question", {**args, "fallback": "Kept."}, now_ms=0)
    assert text.endswith("Kept.")


def test_durations_are_spoken_but_what_people_type_stays() -> None:
    with speaking("ru"):
        assert duration_text(7500) == "2 ч 5 мин"
        assert number_text(1234567) == "1\u00a0234\u00a0567"
        assert format_duration(7500) == "2h 5m"
        assert say("flood_wait") == "Telegram просит подождать"


def test_moments_and_receipts() -> None:
    with speaking("ru"):
        assert moment_text(0, "UTC", now_ms=30 * 24 * HOUR_MS) == "1 янв. 00:00"
        assert receipt_text({"posted": 2}).startswith("2 увидено = 2 опубликовано")
