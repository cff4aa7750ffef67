"""What rules make of a link."""

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from core.filters.facts import LinkFacts, folded
from core.filters.fields import FIELDS
from core.filters.parsing import parse_rules
from core.filters.patterns import found
from core.filters.problem import BadRule
from core.filters.terms import And, Condition, Not, Or, Pattern, Rule, Test, Value
from core.filters.writing import write_rule

Rules = tuple[Rule, ...]
_KEPT = 512
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_BETWEEN_WORDS = str.maketrans(" -", "__")
_SPELLED: dict[str, Callable[[str], str]] = {
    "availability": lambda wanted: wanted.translate(_BETWEEN_WORDS),
    "tag": lambda wanted: wanted.removeprefix("#"),
}
"""How a fact is spelled that people may write in other ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of a link in one place."""

    stopped_by: str | None = None
    """The rule that stops it; rules of `keep` of which none holds, with `;` between them."""
    undecided: bool = False
    """Its page may still say what decides; nothing else is told then."""
    tags: tuple[str, ...] = ()
    topic_id: int | None = None
    silent: bool = False
    first: bool = False


def decide(levels: Sequence[Rules], facts: LinkFacts) -> Decision:
    """Judge a link by the rules of its subscription and of its chat, given in this order.

    One rule of `block` that holds stops it, wherever it stands. Of the rules of `keep` of one level, one
    must hold. All others that hold take effect; of several topics, the first one named.
    """
    doubts = False
    for rules in levels:
        for rule in _of(rules, "block"):
            held = holds(rule.condition, facts)
            doubts = doubts or (held is None and not facts.final)
            if held:
                return Decision(stopped_by=write_rule(rule))
    for rules in levels:
        keeps = _of(rules, "keep")
        results = [holds(rule.condition, facts) for rule in keeps]
        if not keeps or True in results:
            continue
        if facts.final or None not in results:
            return Decision(stopped_by="; ".join(write_rule(rule) for rule in keeps))
        doubts = True
    effects = [rule for rules in levels for rule in rules if rule.action not in ("keep", "block")]
    held_by = [(rule, holds(rule.condition, facts)) for rule in effects]
    if doubts or (not facts.final and any(held is None for _, held in held_by)):
        return Decision(undecided=True)
    return _effects([rule for rule, held in held_by if held])


def holds(condition: Condition, facts: LinkFacts) -> bool | None:
    """Return whether a condition holds; None where that hangs on what is not known.

    As in SQL: what is compared with the unknown is unknown, and so is its opposite.
    """
    match condition:
        case Test():
            return _test(condition, facts)
        case Not():
            inner = holds(condition.term, facts)
            return None if inner is None else not inner
        case And():
            return _first(decisive=False, results=(holds(each, facts) for each in condition.terms))
        case Or():
            return _first(decisive=True, results=(holds(each, facts) for each in condition.terms))


@lru_cache(maxsize=_KEPT)
def stored_rules(text: str) -> Rules:
    """Return the rules of a stored filter; one that cannot be read any more stops nothing."""
    rules: list[Rule] = []
    for line in text.split("\n"):
        try:
            rules += parse_rules(line)
        except BadRule:
            continue  # an older version wrote it; whoever looks at the filter sees that it is gone
    return tuple(rules)


def _of(rules: Rules, action: str) -> list[Rule]:
    return [rule for rule in rules if rule.action == action]


def _first(*, decisive: bool, results: Iterable[bool | None]) -> bool | None:
    """Return the value that decides as soon as it comes up, else what is left."""
    unknown = False
    for result in results:
        if result is decisive:
            return decisive
        unknown = unknown or result is None
    return None if unknown else not decisive


def _effects(rules: Sequence[Rule]) -> Decision:
    tags = dict.fromkeys(name for rule in rules for name in rule.tags)
    topics = [rule.topic_id for rule in rules if rule.action == "topic"]
    actions = {rule.action for rule in rules}
    return Decision(
        tags=tuple(tags),
        topic_id=topics[0] if topics else None,
        silent="silent" in actions,
        first="first" in actions,
    )


def _test(test: Test, facts: LinkFacts) -> bool | None:
    if test.operator == "is":
        known = facts.is_known(test.field)
        return None if known is None else known == (test.values[0] == "known")
    if FIELDS[test.field] in ("number", "age"):
        return _number(test, facts.number(test.field))
    texts = facts.texts(test.field)
    if texts is None:
        return None
    positive = test.operator.removeprefix("!")
    alike = any(_alike(test.field, positive, text, value) for text in texts for value in test.values)
    return alike == (positive == test.operator)


def _number(test: Test, number: Decimal | None) -> bool | None:
    if number is None:
        return None
    values = [value for value in test.values if isinstance(value, Decimal)]
    if test.operator in _COMPARE:
        return _COMPARE[test.operator](number, values[0])
    return (number in values) == (test.operator != "!=")


def _one_spaced(text: str) -> str:
    return " ".join(text.split())


def _alike(field: str, operator_: str, text: str, value: Value) -> bool:
    if isinstance(value, Pattern):
        return found(value, text)
    have, wanted = folded(text), folded(str(value))
    if operator_ in ("~", "contains"):
        return wanted in have
    if field == "host":
        wanted = wanted.removeprefix("www.")
        return have == wanted or have.endswith(f".{wanted}")
    if field == "language":
        return have == wanted or have.startswith(f"{wanted}-")
    return have == _SPELLED.get(field, _one_spaced)(wanted)
