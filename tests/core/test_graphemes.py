"""Where a text may be cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.graphemes import boundary


@pytest.mark.parametrize(
    ("text", "index", "place"),
    [
        ("abc", 2, 2),
        ("abc", 9, 3),
        ("e\u0301x", 1, 0),
        ("xe\u0301", 2, 1),
        ("👩\u200d👧x", 2, 0),
        ("a👩\u200d👧x", 3, 1),
        ("👍🏽x", 1, 0),
        ("🇩🇪🇫🇷", 2, 2),
        ("🇩🇪🇫🇷", 3, 2),
        ("a🇩🇪🇫🇷", 2, 1),
        ("❤\ufe0fx", 1, 0),
        ("\r\n", 1, 0),
        ("กี่x", 2, 0),
        ("\u0301" * 200, 100, 100),
    ],
)
def test_boundaries(text: str, index: int, place: int) -> None:
    assert boundary(text, index) == place


@given(st.text(), st.integers(0, 50))
def test_a_boundary_is_in_the_text(text: str, index: int) -> None:
    assert 0 <= boundary(text, index) <= min(index, len(text))
