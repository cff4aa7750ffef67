"""Where a text may be cut: not within what people see as one character.

A useful part of the rules for grapheme clusters (Unicode Standard Annex 29): combining marks, variation
selectors, skin tones, joined emoji, flags. Hangul that is written in single jamo is cut.
"""

import unicodedata

_JOINER = "\u200d"
_LONGEST = 64
"""Marks pile up in hostile texts only; behind so many a cut is a cut."""


def boundary(text: str, index: int) -> int:
    """Return the last place at or before an index where no character is split; 0 where there is none."""
    if index >= len(text):
        return len(text)
    for place in range(index, max(0, index - _LONGEST), -1):
        if not _holds_together(text, place):
            return place
    return index if index >= _LONGEST else 0


def _holds_together(text: str, place: int) -> bool:
    """Tell whether the characters before and behind a place are one."""
    before, behind = text[place - 1], text[place]
    if behind == "\n" and before == "\r":
        return True
    if behind < "\u0300":
        return False
    if _JOINER in (before, behind) or _extends(behind):
        return True
    return _is_flag_half(before) and _is_flag_half(behind) and _flag_halves_before(text, place) % 2 == 1


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character).startswith("M")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, place: int) -> int:
    count = 0
    while count < min(place, _LONGEST) and _is_flag_half(text[place - count - 1]):
        count += 1
    return count
