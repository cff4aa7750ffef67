"""When the disk counts as nearly full, and what is said of that and of backups."""

import pytest

from core.disk import is_low
from core.upkeep_words import UPKEEP, format_size
from core.words import speak

MIB = 2**20


def test_low_is_less_than_a_backup_needs() -> None:
    assert is_low(free_bytes=299 * MIB, database_bytes=0, was_low=False)
    assert not is_low(free_bytes=300 * MIB, database_bytes=0, was_low=False)
    assert is_low(free_bytes=1299 * MIB, database_bytes=1000 * MIB, was_low=False)


def test_a_card_does_not_flicker() -> None:
    assert is_low(free_bytes=449 * MIB, database_bytes=0, was_low=True)
    assert not is_low(free_bytes=450 * MIB, database_bytes=0, was_low=True)


@pytest.mark.parametrize(
    ("size", "text"), [(5, "5 bytes"), (2048, "2.0 KiB"), (5 * MIB, "5.0 MiB"), (3 * 2**30, "3.0 GiB")]
)
def test_sizes(size: int, text: str) -> None:
    assert format_size(size) == text


@pytest.mark.parametrize("code", sorted(UPKEEP))
def test_every_card_has_words(code: str) -> None:
    args = {
        "name": "N", "folder": "/F", "bytes": 5, "seconds": 2, "kept": 3, "free": MIB,
        "why": "system", "said": "No space",
    }  # fmt: skip
    text, buttons = speak(code, args, now_ms=0)
    assert text
    assert buttons == ()
    if code in ("backup.failed", "backup.refused"):
        assert "No space" in text
