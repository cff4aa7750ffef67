"""Rules as people write them, and what they are told of those that cannot be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UserError
from core.filters.lexing import LONGEST
from core.filters.parsing import MOST_RULES, parse_rules
from core.filters.patterns import LONGEST as LONGEST_PATTERN
from core.filters.problem import BadRule
from core.filters.terms import Rule
from core.filters.writing import write_rules
from tests.core.filters.rules import RULES


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("block title ~ /webinar/i", "block title ~ /webinar/i"),
        ("Keep Price<5 000 AND discount>=20%", "keep price < 5000 and discount >= 20"),
        ("keep where price ≤ 1.299,50", "keep price <= 1299.50"),
        ("keep price <= 1,299", "keep price <= 1299"),
        ("keep price <= 12,5", "keep price <= 12.5"),
        ("keep price <= 0.125", "keep price <= 0.125"),
        ("tag sale, #deal discount >= 30", "tag #sale, #deal discount >= 30"),
        ("topic 45 title ~ “release”", "topic 45 title ~ release"),
        ("silent host = blog.example", "silent host = blog.example"),
        ("first tag = #breaking", 'first tag = "#breaking"'),
        ("block age > 36h", "block age > 36h"),
        ("block age > 2d", "block age > 2d"),
        ("block (title ~ a or title ~ b) and not tag in (x,y)",
         "block (title ~ a or title ~ b) and not tag in (x, y)"),
        ("block (title = a and title = b) or title = c", "block title = a and title = b or title = c"),
        ("block not (title = b or title = c)", "block not (title = b or title = c)"),
        ("block tag not in (x)", "block not tag in (x)"),
        ("block author = 'O\\'Hara'", 'block author = "O\'Hara"'),
        (r"block url ~ /a\/b\.c/", r"block url ~ /a\/b\.c/"),
        ("keep price is unknown", "keep price is unknown"),
        ("block title = x; keep title = y\n\nkeep title = z",
         "block title = x\nkeep title = y\nkeep title = z"),
        ("", ""),
    ],
)  # fmt: skip
def test_spellings(typed: str, kept: str) -> None:
    assert write_rules(parse_rules(typed)) == kept
    assert write_rules(parse_rules(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "what", "at"),
    [
        ("stop title = x", "begins with keep, block", 0),
        ("block", "expected a fact", 5),
        ("block colour = x", "expected a fact", 6),
        ("block title < 5", "“title” I expected one of = !=", 12),
        ("block title", "I expected one of", 11),
        ("block price ~ 5", "“price” I expected one of = !=", 12),
        ("block price < cheap", "expected a number", 14),
        ("block price < -5", "expected a number", 14),
        ("block price in (1,2)", "a space after each comma", 16),
        ("block age > 3x", "expected a span", 12),
        ("block title = a b", "put several words into quotes", 16),
        ("block title = and", "expected a value", 14),
        ('block title = " "', "nothing between these quotes", 14),
        ('block title = "x', "no end", 14),
        ("block title ~ /x", "no end", 14),
        ("block title ~ /x/g", "only letter", 17),
        ("block title ~ //", "empty", 14),
        ("block title ~ /a(b/", "missing )", 15),
        (r"block title ~ /(a)\1/", r"invalid escape sequence", 18),
        ("block title ~ /(?=a)/", "invalid perl operator", 15),
        ("block title = /x/", "goes with ~", 14),
        ("block title in x", "expected a list", 15),
        ("block title in (x y)", "“,” or “)”", 18),
        ("block (title = x", "expected “)”", 16),
        ("block title = x)", "the end here", 15),
        ("block title = x and", "expected a fact", 19),
        ("block price is cheap", "known or unknown", 15),
        ("tag = x", "expected a hashtag", 4),
        ("topic x title = y", "number of a topic", 6),
        ("topic 99999999999 title = y", "number of a topic", 6),
        ("block ! = x", "do not know what “!”", 6),
        ("block title = x\x00", "cannot be in a rule", 15),
        ("block title = x\udcff", "cannot be in a rule", 15),
        ("\udcff" * (LONGEST + 1), f"may have {LONGEST} characters", LONGEST),
        ("block " + "(" * 21 + "title = x" + ")" * 21, "too deeply", 26),
        (f"block title ~ /{'x' * (LONGEST_PATTERN + 1)}/", f"may have {LONGEST_PATTERN} characters", 14),
        (r"block title ~ /(\pL{2,50} ){3}/i", "too large", 14),
        ("block title = " + "x" * LONGEST, f"may have {LONGEST} characters", LONGEST),
        ("block title=x;" * (MOST_RULES + 1), f"may have {MOST_RULES} rules", 14 * MOST_RULES),
    ],
)  # fmt: skip
def test_problems_show_their_place(typed: str, what: str, at: int) -> None:
    with pytest.raises(BadRule) as caught:
        parse_rules(typed)
    said, line, mark = str(caught.value).splitlines()
    assert what in said
    assert f"at character {at + 1})" in said
    assert mark.strip() == "^"
    assert len(line) <= 62
    shown = line[len(mark) - 1 :]
    assert typed[at:].startswith(shown) or set(shown) <= {"?"}, "a surrogate is shown as a question mark"


def test_a_problem_in_a_later_rule_shows_that_line() -> None:
    with pytest.raises(UserError, match=r"character 7\):\nblock x\n      \^$"):
        parse_rules("keep title = a\nblock x")


@given(st.lists(RULES, max_size=3).map(tuple))
@settings(max_examples=60)
def test_what_is_written_is_read_as_the_same(rules: tuple[Rule, ...]) -> None:
    assert parse_rules(write_rules(rules)) == rules
