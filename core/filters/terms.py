"""What a rule is made of: plain values, as the reader of rules gives them and the judge takes them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Action = Literal["keep", "block", "tag", "topic", "silent", "first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression (https://github.com/google/re2/wiki/Syntax)."""

    text: str
    ignore_case: bool = False


Value = str | Decimal | Pattern
"""Words, a number (an age in seconds), or a pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One comparison: a fact, an operator, and what it is compared with (several values only after `in`)."""

    __test__ = False  # pytest collects what is called so

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The opposite of a condition."""

    term: "Condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """Two or more conditions that must all hold."""

    terms: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Two or more conditions of which one must hold."""

    terms: tuple["Condition", ...]


Condition = Test | Not | And | Or


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What to do with links of which a condition holds."""

    action: Action
    condition: Condition
    tags: tuple[str, ...] = ()
    """For `tag`: what is added, without `#`."""
    topic_id: int = 0
    """For `topic`: where they go."""
