"""What people type after `/filter`, read into values."""

from dataclasses import dataclass
from typing import Literal

from core.errors import UserError
from core.filters.parsing import ACTIONS, parse_rules
from core.filters.terms import Rule
from core.requests import Target, split_target

_LONGEST_NUMBER = 18
_REMOVE = ("remove", "delete", "del", "rm")
_OFF = ("off", "clear", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRequest:
    """What `/filter` was asked for."""

    action: Literal["show", "add", "remove", "off", "test"]
    target: Target | None = None
    number: int | None = None
    """Of a subscription; None means the whole chat."""
    rules: tuple[Rule, ...] = ()
    """To be added, or tried; to try none means those that hold now."""
    which: int = 0
    """The rule to remove, counted from 1."""


def parse_filter(text: str) -> FilterRequest:
    """Read the words after `/filter`.

    Raises:
        UserError: a rule cannot be read, or a number is missing; the text says what to write.
    """
    target, others = split_target(text.split(maxsplit=1))
    number, rest = _split_number(text.strip() if target is None else "".join(others))
    word, _, after = rest.partition(" ")
    word = word.lower()
    if not rest:
        return FilterRequest(action="show", target=target, number=number)
    if word == "test":
        if number is None:
            number, after = _split_number(after)
        return FilterRequest(action="test", target=target, number=number, rules=parse_rules(after))
    if word in _REMOVE:
        which, nothing = _split_number(after)
        if which is None or nothing:
            raise UserError("Say which rule by its number, like /filter 3 remove 2. /filter 3 shows them.")
        return FilterRequest(action="remove", target=target, number=number, which=which)
    if word in _OFF and not after.strip():
        return FilterRequest(action="off", target=target, number=number)
    return FilterRequest(action="add", target=target, number=number, rules=parse_rules(rest))


def blocking(text: str) -> str:
    """Return a rule as it is, and other words as the rule that blocks links with them in their title."""
    words = text.strip()
    first = words.split(maxsplit=1)[0].lower() if words else ""
    if first in ACTIONS or not words:
        return words
    quoted = words.replace('"', "").replace("\\", "")
    return f'block title contains "{quoted}"'


def _split_number(text: str) -> tuple[int | None, str]:
    """Take a number off the beginning of a text."""
    words = text.split(maxsplit=1)
    if not words or not words[0].isdecimal():
        return None, text.strip()
    return int(words[0][:_LONGEST_NUMBER]), words[1] if len(words) > 1 else ""
