"""How rules are typed, kept and shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.posting.hours import DAYS, Hours, parse_days
from core.posting.rules import PostingRules, parse_rules

NONE = PostingRules()
WORDS = ["hold", "window", "cap", "gap", "off", "9:00", ",", ";", "10:00-8:00", "mon", "5", "10m", "x"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("hold 23:00-08:00", ["hold 23:00-08:00"]),
        ("HOLD 23:00-8:00, silent 21:00-23:00", ["hold 23:00-08:00", "silent 21:00-23:00"]),
        ("window 09:00-21:00 mon-fri", ["window 09:00-21:00 mon-fri"]),
        (
            "window 9:00-18:00 mon-fri window 10:00-16:00 sat",
            ["window 09:00-18:00 mon-fri", "window 10:00-16:00 sat"],
        ),
        ("window 00:00-24:00 sun,sat", ["window 00:00-24:00 sat,sun"]),
        ("gap 10m; cap 20/day", ["gap 10m", "cap 20/day"]),
        ("cap 5\ndigest 18:00, 09:00", ["cap 5/day", "digest 09:00,18:00"]),
        ("fold off", ["fold off"]),
        ("fold 20", []),
        ("fold 7", ["fold 7"]),
        ("hold off", []),
    ],
)
def test_rules_are_shown_as_they_are_typed(typed: str, shown: list[str]) -> None:
    rules = parse_rules(typed, NONE)
    assert rules.lines() == shown
    assert PostingRules.read(rules.write()) == rules
    assert parse_rules("\n".join(shown), NONE) == rules


def test_a_rule_replaces_those_of_its_name_alone() -> None:
    rules = parse_rules("hold 23:00-08:00 hold 12:00-13:00 gap 10m", NONE)
    assert parse_rules("hold 22:00-07:00", rules).lines() == ["hold 22:00-07:00", "gap 10m"]
    assert parse_rules("hold off", rules).lines() == ["gap 10m"]
    assert parse_rules("off", rules) == NONE


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("sometimes", "is no rule"),
        ("hold", "hours"),
        ("hold 23-08", "time of the day"),
        ("hold 25:00-08:00", "time of the day"),
        ("hold 08:60-09:00", "time of the day"),
        ("window 09:00-21:00 someday", "is no day"),
        ("gap often", "duration"),
        ("gap 2d", "longest gap"),
        ("cap 0/day", "number of posts"),
        ("cap 20/week", "number of posts"),
        ("digest noon", "time of the day"),
        ("digest", "time of the day"),
        ("fold few", "number of posts"),
        ("hold 00:00-24:00", "nothing could ever go out"),
        ("window 09:00-10:00 mon hold 08:00-11:00 mon", "nothing could ever go out"),
    ],
)
def test_what_is_no_rule_is_refused(typed: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse_rules(typed, NONE)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["hold", "window", "cap", "gap", "off", "9:00", ",", ";", "10:00-8:00", "mon", "5", "10m", "x"]
        )
    )
)
def test_whatever_is_read_is_shown_as_it_is_read(words: list[str]) -> None:
    try:
        rules = parse_rules(" ".join(words), NONE)
    except UserError:
        return
    assert parse_rules("\n".join(rules.lines()), NONE) == rules


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("mon-fri", "mon tue wed thu fri"),
        ("fri-mon", "fri sat sun mon"),
        ("Monday,wed-fri", "mon wed thu fri"),
    ],
)
def test_days(typed: str, days: str) -> None:
    assert parse_days(typed) == {DAYS.index(day) for day in days.split()}


@given(
    st.builds(
        Hours,
        start_min=st.integers(0, 1439),
        end_min=st.integers(0, 1440),
        days=st.frozensets(st.integers(0, 6), min_size=1),
    )
)
def test_hours_are_read_as_they_are_shown(hours: Hours) -> None:
    assert Hours.parse(str(hours)) == hours
