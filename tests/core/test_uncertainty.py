"""UNCERTAIN_AFTER: what an unanswered question becomes."""

import pytest

from core.uncertainty import UncertainAfter, fallback_text, parse_uncertain_after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("24h:drop", UncertainAfter(wait_s=86_400, then="drop")),
        ("90s: resend ", UncertainAfter(wait_s=90, then="resend")),
    ],
)
def test_reading(text: str, after: UncertainAfter) -> None:
    assert parse_uncertain_after(text) == after


@pytest.mark.parametrize("text", ["", "24h", "24h:", "24h:ask", "drop"])
def test_what_is_no_policy(text: str) -> None:
    with pytest.raises(ValueError, match="write a duration and drop or resend"):
        parse_uncertain_after(text)


def test_a_wrong_duration_is_said() -> None:
    with pytest.raises(ValueError, match="'soon' is no duration"):
        parse_uncertain_after("soon:drop")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("24h:drop", "Without an answer it is dropped in 1d."),
        ("90m:resend", "Without an answer it is sent again in 1h 30m."),
    ],
)
def test_the_fallback_as_a_sentence(text: str, sentence: str) -> None:
    after = parse_uncertain_after(text)
    assert fallback_text(after.then, after.wait_s) == sentence
