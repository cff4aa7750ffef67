"""Arithmetic of UTF-16, against Python's own codec."""

from hypothesis import given
from hypothesis import strategies as st

from simulation.botapi.utf16 import piece, unit_offsets, units

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_units_are_what_the_codec_writes(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2


@given(TEXTS)
def test_offsets_end_at_the_length(text: str) -> None:
    offsets = unit_offsets(text)
    assert len(offsets) == len(text) + 1
    assert offsets[-1] == units(text)
    assert offsets == sorted(set(offsets))


@given(TEXTS, TEXTS, TEXTS)
def test_piece_is_what_lies_between(before: str, middle: str, after: str) -> None:
    assert piece(before + middle + after, units(before), units(middle)) == middle
