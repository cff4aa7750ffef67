"""Rules that would stop links like one that somebody does not want."""

from collections.abc import Iterator
from zlib import crc32

from core.filters.facts import LinkFacts, folded
from core.filters.terms import Rule, Test
from core.filters.writing import write_rule

_MOST_WORDS, _MOST_TAGS = 4, 3
_SHORTEST_WORD = 4
_LONGEST_VALUE = 60
_INSIDE = "-'\u2019"
"""Hyphen and apostrophes: parts of words."""


def propose(facts: LinkFacts) -> tuple[Rule, ...]:
    """Return rules of which each stops this link: by words of its title, its tags, its author, its host.

    The same facts give the same rules, in the same order. What cannot be read back is not proposed.
    """
    return tuple(dict.fromkeys(_rules(facts)))


def mark_of(rule: Rule) -> str:
    """Return eight hexadecimal digits by which a button names a rule."""
    return f"{crc32(write_rule(rule).encode()):08x}"


def _rules(facts: LinkFacts) -> Iterator[Rule]:
    for word in _words(" ".join(facts.texts("title") or ())):
        yield _block("title", "contains", word)
    for tag in [tag for tag in facts.texts("tag") or () if _fits(tag)][:_MOST_TAGS]:
        yield _block("tag", "=", tag)
    for field in ("author", "host"):
        for value in facts.texts(field) or ():
            if _fits(value):
                yield _block(field, "=", value)


def _block(field: str, operator: str, value: str) -> Rule:
    return Rule(action="block", condition=Test(field=field, operator=operator, values=(value,)))


def _fits(value: str) -> bool:
    return 0 < len(value) <= _LONGEST_VALUE and value.isprintable()


def _words(title: str) -> list[str]:
    """Return the longest words of a title, which say most, in the order in which it has them."""
    letters = "".join(
        character if character.isalnum() or character in _INSIDE else " " for character in title
    )
    words = {folded(word): word.lower() for word in (one.strip(_INSIDE) for one in letters.split())}
    telling = [
        word
        for word in words.values()
        if _SHORTEST_WORD <= len(word) <= _LONGEST_VALUE and not word.isdecimal()
    ]
    longest = sorted(telling, key=len, reverse=True)[:_MOST_WORDS]
    return [word for word in telling if word in longest]
