"""Durations and sizes: what people write, and what they are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.durations import format_duration, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("2h", 7200),
        ("1d", 86_400),
        ("2w", 1_209_600),
        ("45", 45),
        ("1.5h", 5400),
        (" 10 M ", 600),
        ("0", 0),
        ("3650d", 3650 * 86_400),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "-5m", "5 minutes", "1h30m", "1e3", ".5h", "10y", "inf", "nan"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 90s"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["3651d", "9" * 400])
def test_longer_than_ten_years(text: str) -> None:
    with pytest.raises(ValueError, match="longer than ten years"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("10MiB", 10 * 2**20),
        ("500KB", 500_000),
        ("1 gib", 2**30),
        ("2GB", 2 * 10**9),
        ("7", 7),
        ("7B", 7),
        ("3kib", 3072),
        ("4mb", 4_000_000),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MiB", "-1", "1.5MiB", "10 TB", "10M"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 10MiB"):
        parse_size(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0s"),
        (-5, "0s"),
        (0.4, "0s"),
        (60, "1m"),
        (90, "90s"),
        (119.6, "2m"),
        (600, "10m"),
        (7500, "2h 5m"),
        (3601, "1h 1s"),
        (90_061, "1d 1h"),
        (86_400, "1d"),
    ],
)
def test_formatting(seconds: float, words: str) -> None:
    assert format_duration(seconds) == words


@given(st.integers(0, 10 * 365 * 86_400))
def test_a_formatted_duration_is_read_back_to_its_second_unit(seconds: int) -> None:
    parts = format_duration(seconds).split()
    total = sum(parse_duration(part) for part in parts)
    assert len(parts) <= 2
    assert 0 <= seconds - total < 3600
