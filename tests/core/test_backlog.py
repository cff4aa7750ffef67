"""Backlog policies: reading them, and choosing among a new source's entries."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backlog import Backlog, choose, parse_backlog
from core.protocol import Candidate

HOUR_MS = 3_600_000
NOW_MS = 1_800_000_000_000


@pytest.mark.parametrize("text", ["none", "NO", " 0 ", "00"])
def test_none(text: str) -> None:
    assert parse_backlog(text) == Backlog(kind="none", text="none")


def test_all() -> None:
    assert parse_backlog("ALL") == Backlog(kind="all", text="all")


def test_a_number() -> None:
    assert parse_backlog("007") == Backlog(kind="newest", text="7", count=7)


def test_a_span() -> None:
    assert parse_backlog("12h") == Backlog(kind="span", text="12h", span_s=43_200)


@pytest.mark.parametrize(
    ("text", "since_ms"),
    [
        ("2026-01-31", 1_769_817_600_000),
        ("2026-01-31 10:30", 1_769_855_400_000),
        ("2026-01-31T10:30", 1_769_855_400_000),
    ],
)
def test_a_date(text: str, since_ms: int) -> None:
    backlog = parse_backlog(text)
    assert (backlog.kind, backlog.since_ms) == ("since", since_ms)


@pytest.mark.parametrize("text", ["", "some", "-3", "3.5.1", "2026-1-31", "31.01.2026", "12 parsecs"])
def test_what_is_no_backlog(text: str) -> None:
    with pytest.raises(ValueError, match="is no backlog: write none, all"):
        parse_backlog(text)


def test_a_date_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="month"):
        parse_backlog("2026-13-01")


@given(
    st.one_of(
        st.sampled_from(["none", "all", "12h", "2026-01-31", "2026-01-31T10:30", "1.5d", "0s"]),
        st.integers(0, 10**6).map(str),
    )
)
def test_the_canonical_spelling_means_the_same(text: str) -> None:
    backlog = parse_backlog(text)
    assert parse_backlog(backlog.text) == backlog


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("none", ""),
        ("0", ""),
        ("00", ""),
        ("1", "d"),
        ("2", "cd"),
        ("9", "abcd"),
        ("all", "abcd"),
        ("2h", "cd"),
        ("1d", "acd"),
        ("2027-01-15T06:00", "cd"),
    ],
)
def test_choosing(text: str, chosen: str, candidate: Callable[..., Candidate]) -> None:
    dates = {"a": NOW_MS - 20 * HOUR_MS, "b": None, "c": NOW_MS - 2 * HOUR_MS, "d": NOW_MS + HOUR_MS}
    candidates = [candidate(name, date) for name, date in dates.items()]
    keys = choose(candidates, parse_backlog(text), now_ms=NOW_MS)
    assert "".join(c.title for c in candidates if c.key in keys) == chosen


def test_choosing_from_nothing() -> None:
    for text in ("none", "all", "3", "12h", "2026-01-31"):
        assert choose([], parse_backlog(text), now_ms=NOW_MS) == set()
