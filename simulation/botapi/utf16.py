"""Arithmetic of UTF-16 code units, in which Telegram counts."""

BEYOND_BMP = 0x10000


def units(text: str) -> int:
    """Length of `text` in UTF-16 code units."""
    return sum(2 if ord(char) >= BEYOND_BMP else 1 for char in text)


def unit_offsets(text: str) -> list[int]:
    """For each character of `text`, and for its end, the code units before it."""
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + (2 if ord(char) >= BEYOND_BMP else 1))
    return offsets


def piece(text: str, offset: int, length: int) -> str:
    """The part of `text` that an entity covers; the ends must not split a pair."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")
