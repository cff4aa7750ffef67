"""What rules make of links, before and after their pages are known."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.filters.facts import LinkFacts
from core.filters.judging import Decision, decide, holds, stored_rules
from core.filters.parsing import parse_rules
from core.filters.terms import Condition, Not, Rule
from core.filters.writing import write_rule
from tests.core.filters.rules import CONDITIONS

HOUR_MS = 3_600_000
NOW_MS = 1_800_000_000_000
SHOP = {"price": "4999.00", "old_price": "7500", "discount": 33, "rating": 4.5, "reviews": 120,
        "availability": "in_stock", "language": "en-GB"}  # fmt: skip


def link(**said: Any) -> LinkFacts:
    given_: dict[str, Any] = {
        "url": "https://www.blog.example/a?b=1",
        "title": "Free  WEBINAR: Straße",
        "summary": "<p>Join &amp; learn</p>",
        "author": "Ann Lee",
        "tags": ("#News", "Big Sale"),
        "published_ms": NOW_MS - 5 * HOUR_MS,
        "page": SHOP,
        "seen_ms": NOW_MS - HOUR_MS,
        "now_ms": NOW_MS,
    }
    return LinkFacts(**(given_ | said))


def condition(text: str) -> Condition:
    [rule] = parse_rules(f"keep {text}")
    return rule.condition


@pytest.mark.parametrize(
    "text",
    [
        "title ~ /webinar/i", "title ~ webinar", 'title contains "strasse"', "title ~ /^Free WEB/",
        "title !~ /webinar/", 'title = "free webinar: STRASSE"', 'title != "x"',
        "text ~ learn", 'text ~ "& learn"', "text ~ webinar",
        'url contains "b=1"', "host = blog.example", "host = WWW.blog.example",
        "host != log.example", "host in (a.example, blog.example)", "author = 'ann lee'", "author ~ /Lee$/",
        "tag = news", "tag = #news", 'tag = "big sale"', "tag != sale", "tag ~ sale", "tag in (x, News)",
        "not tag = sports", "tag not in (a, b)",
        "language = en", "language = en-gb", "language != ru", 'availability = "in stock"',
        "availability = in_stock", "price < 5 000", "price >= 4999", "price = 4999", "price != 1",
        "price in (1, 4999)", "old_price > 7499,99", "discount >= 30%", "rating > 4.4", "reviews <= 120",
        "age > 4h", "age < 6h", "age >= 18000", "price is known", "not price is unknown",
        "price < 1 or title ~ webinar", "price < 5000 and rating > 4 and not reviews < 100",
    ],
)  # fmt: skip
def test_conditions_that_hold(text: str) -> None:
    assert holds(condition(text), link()) is True
    assert holds(condition(f"not ({text})"), link()) is False


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("price < 5000", None), ("price != 1", None), ("not price < 5000", None), ("language != ru", None),
        ("availability !~ out", None), ("price < 5000 or title = a", True),
        ("price < 5000 and title = b", False),
        ("price < 5000 and title = a", None), ("price < 5000 or title = b", None),
        ("price is unknown", True), ("price is known", False), ("author is unknown", True),
        ("author = x", False), ("author != x", True), ("author !~ /x/", True), ("tag != x", True),
        ("tag in (x)", False), ("age < 2h", True), ("age < 1h", False),
    ],
)  # fmt: skip
def test_what_nobody_says(text: str, result: bool | None) -> None:
    """An absent text is empty, an age counts from the first sight, and anything else is unknown."""
    bare = link(title="a", summary="", author=None, tags=(), published_ms=None, page={})
    assert holds(condition(text), bare) is result


@pytest.mark.parametrize(
    "text",
    ["author = x", "tag != x", "age < 2h", "price is known", "price is unknown", "price > 1", "text ~ a"],
)
def test_what_the_page_may_still_say_is_open(text: str) -> None:
    early = link(title="a", summary="", author=None, tags=(), published_ms=None, page={}, final=False)
    assert holds(condition(text), early) is None
    assert holds(condition("title = a"), early) is True


@pytest.mark.parametrize("said", ["cheap", "NaN", "Infinity", ""])
def test_an_amount_that_is_none_is_unknown(said: str) -> None:
    assert holds(condition("price > 1"), link(page={"price": said})) is None


def judged(*levels: str, **said: Any) -> Decision:
    return decide([parse_rules(level) for level in levels], link(**said))


def test_no_rules_keep_everything() -> None:
    assert judged("", "") == Decision()


def test_a_block_wins_wherever_it_stands() -> None:
    for rules in ("keep title ~ webinar; block price > 1", "block price > 1; keep title ~ webinar"):
        assert judged(rules).stopped_by == "block price > 1"
    assert (
        judged("keep title ~ webinar", "block host = blog.example").stopped_by == "block host = blog.example"
    )


def test_one_keep_of_a_level_is_enough_and_each_level_asks() -> None:
    assert judged("keep price < 1; keep rating > 4").stopped_by is None
    assert judged("keep price < 1; keep rating > 5").stopped_by == "keep price < 1; keep rating > 5"
    assert judged("keep price < 1", "keep rating > 4").stopped_by == "keep price < 1"


def test_effects_add_up_and_the_first_topic_counts() -> None:
    mine = "tag #a price > 1; topic 5 price > 9999; silent rating > 4"
    chats = "tag a, b price > 1; topic 7 age > 1; first tag = news"
    assert judged(mine, chats) == Decision(tags=("a", "b"), topic_id=7, silent=True, first=True)


@pytest.mark.parametrize(
    "rules", ["keep price < 9", "block price > 9", "tag #x price > 9", "first price > 9"]
)
def test_what_hangs_on_the_page_waits_for_it(rules: str) -> None:
    assert judged(rules, page={}, final=False) == Decision(undecided=True)
    assert not judged(rules, page={}).undecided


def test_what_is_sure_already_does_not_wait() -> None:
    assert judged("block title ~ webinar; keep price < 9", page={}, final=False).stopped_by
    assert judged("keep title ~ talk; block price > 9", page={}, final=False).stopped_by
    assert judged("keep price < 9; keep title ~ webinar", page={}, final=False) == Decision()


def test_the_unknown_keeps_nothing_and_blocks_nothing() -> None:
    assert judged("keep price < 9", page={}).stopped_by == "keep price < 9"
    assert judged("keep price < 9 or price is unknown", page={}) == Decision()
    assert judged("block price < 9; block not price < 9", page={}) == Decision()


def test_a_stored_rule_that_is_none_any_more_stops_nothing() -> None:
    assert stored_rules("block title ~ /a\u2028b/") == parse_rules("block title ~ /a\u2028b/")
    assert stored_rules("keep colour = red\nblock title = x") == parse_rules("block title = x")


@given(CONDITIONS, st.booleans())
@settings(max_examples=30)
def test_any_condition_is_judged_and_its_opposite_is_the_opposite(condition: Condition, final: bool) -> None:
    facts = link(final=final)
    result = holds(condition, facts)
    [opposite] = parse_rules(write_rule(Rule(action="keep", condition=Not(term=condition))))
    assert holds(opposite.condition, facts) is (None if result is None else not result)
