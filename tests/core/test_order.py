"""Publishing order: a permutation, oldest first."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.order import publishing_order


@dataclass(frozen=True)
class Dated:
    name: int
    published_ms: int | None


def entries(dates: list[int | None]) -> list[Dated]:
    return [Dated(name, date) for name, date in enumerate(dates)]


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        ([], []),
        ([5], [0]),
        ([3, 2, 1], [2, 1, 0]),
        ([1, 2, 3], [0, 1, 2]),
        ([1, 1, 2], [0, 1, 2]),
        ([2, 2, 2], [2, 1, 0]),
        ([1, None, 3], [2, 1, 0]),
        ([1, 3, 2], [2, 1, 0]),
        ([None, None], [1, 0]),
    ],
)
def test_order(dates: list[int | None], order: list[int]) -> None:
    assert [entry.name for entry in publishing_order(entries(dates))] == order


@given(st.lists(st.none() | st.integers(-5, 5)))
def test_nothing_is_lost_and_nothing_invented(dates: list[int | None]) -> None:
    given_entries = entries(dates)
    ordered = publishing_order(given_entries)
    assert sorted(entry.name for entry in ordered) == list(range(len(dates)))
    assert ordered in (given_entries, given_entries[::-1])


@given(st.lists(st.integers(), unique=True, min_size=2))
def test_a_feed_in_one_direction_comes_out_oldest_first(dates: list[int]) -> None:
    oldest_first = sorted(dates)
    for direction in (list(oldest_first), oldest_first[::-1]):
        ordered = publishing_order(entries(list(direction)))
        assert [entry.published_ms for entry in ordered] == oldest_first
