"""Rules, written so that they are read as the same ones."""

import re
from collections.abc import Sequence
from decimal import Decimal

from core.filters.fields import FIELDS
from core.filters.numbers import write_number
from core.filters.parsing import KEYWORDS
from core.filters.terms import And, Condition, Not, Or, Pattern, Rule, Test, Value

_BARE = re.compile(r"[^\W\d_][\w.-]*")
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def write_rules(rules: Sequence[Rule]) -> str:
    """Return rules, one a line."""
    return "\n".join(write_rule(rule) for rule in rules)


def write_rule(rule: Rule) -> str:
    """Return a rule in one line."""
    words: list[str] = [rule.action]
    if rule.action == "tag":
        words.append(", ".join(f"#{name}" for name in rule.tags))
    if rule.action == "topic":
        words.append(str(rule.topic_id))
    return " ".join([*words, _condition(rule.condition)])


def _condition(term: Condition) -> str:
    match term:
        case Test():
            return _test(term)
        case Not():
            return f"not {_inner(term.term)}"
        case And():
            return " and ".join(_inner(each) for each in term.terms)
        case Or():
            return " or ".join(
                _condition(each) if isinstance(each, And) else _inner(each) for each in term.terms
            )


def _inner(term: Condition) -> str:
    """Return a part of a condition, in parentheses where it would be taken apart without."""
    return f"({_condition(term)})" if isinstance(term, And | Or) else _condition(term)


def _test(test: Test) -> str:
    values = ", ".join(_value(test.field, value) for value in test.values)
    return f"{test.field} {test.operator} {f'({values})' if test.operator == 'in' else values}"


def _value(field: str, value: Value) -> str:
    match value:
        case Pattern():
            return f"/{_slashes_escaped(value.text)}/{'i' if value.ignore_case else ''}"
        case Decimal() if FIELDS[field] == "age":
            return _span(int(value))
        case Decimal():
            return write_number(value)
        case _ if _BARE.fullmatch(value) and value.lower() not in KEYWORDS:
            return value
        case _:
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'


def _slashes_escaped(pattern: str) -> str:
    return re.sub(r"\\.|/", lambda found: "\\/" if found[0] == "/" else found[0], pattern, flags=re.DOTALL)


def _span(seconds: int) -> str:
    unit, size = next((each for each in _UNITS if seconds % each[1] == 0), _UNITS[-1])
    return f"{seconds // size}{unit}"
