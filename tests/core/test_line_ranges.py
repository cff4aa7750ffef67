"""Numbers of lines in words."""

import pytest

from core.line_ranges import ranges_text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([3], "3"),
        ([3, 4], "3\u20134"),
        ([1, 4, 5, 6, 9], "1, 4\u20136, 9"),
        ([9, 1, 1, 2], "1\u20132, 9"),
        (range(101, 10_001), "101\u201310000"),
    ],
    ids=range(6),
)
def test_neighbours_become_ranges(numbers: list[int], text: str) -> None:
    assert ranges_text(numbers) == text
