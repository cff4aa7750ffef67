"""`/set key=value ...` without a number: what a chat's new subscriptions begin with, and more of the chat."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import UserError
from core.language_request import parse_language
from core.requests import Target, split_target
from core.set_keys import KEYS
from core.set_pairs import pairs_in
from core.set_values import yes_or_no

Value = str | float | bool
Changes = tuple[tuple[str, Value | None], ...]
_BEGINNING = re.compile(r"[A-Za-z_]+=")


def _one_of(name: str, *words: str) -> Callable[[str, float], str]:
    def read(text: str, _least_s: float) -> str:
        if text.lower() not in words:
            raise UserError("{name}: say one of these: {words}.", name=name, words=", ".join(words))
        return text.lower()

    return read


def _as_for_one(name: str) -> Callable[[str, float], Value]:
    """Return the reader of what is written alike for a whole chat and for one source."""

    def read(text: str, least_s: float) -> Value:
        value = KEYS[name].read(text, least_s)
        return value if isinstance(value, (str, float, bool)) else str(value)

    return read


_ALIKE = (
    "every",
    "backlog",
    "tags",
    "silent",
    "preview",
    "media",
    "topic",
    "pages",
    "filter",
    "template",
    "approve",
    "expire",
)
_READ: dict[str, Callable[[str, float], Value]] = {
    **{name: _as_for_one(name) for name in _ALIKE},
    "once": _one_of("once", "chat", "topic"),
    "bare": _one_of("bare", "ask", "watch", "post"),
    "receipt": yes_or_no("receipt"),
    "language": lambda text, _least_s: parse_language(text),
}
NAMES = tuple(_READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultsRequest:
    """What is to be set for a chat; None for "as if never set"."""

    target: Target | None
    changes: Changes


def parse_defaults(text: str, *, interval_min_s: float) -> DefaultsRequest | None:
    """Read the words after `/set` where they name keys and no number; None where they are something else.

    Raises:
        UserError: a key or value is wrong.
    """
    target, others = split_target(text.split(maxsplit=1))
    said = (text if target is None else "".join(others)).strip()
    if _BEGINNING.match(said) is None:
        return None
    changes: list[tuple[str, Value | None]] = []
    for key, value in pairs_in(said, NAMES):
        if not key:
            raise UserError(
                "“{value}” cannot be set for a whole chat: {names} can. For one source say "
                "its number first, like /set 3 every=30m.",
                value=value[:40],
                names=", ".join(NAMES),
            )
        unset = not value or value.lower() == "default"
        changes.append((key, None if unset else _READ[key](value, interval_min_s)))
    return DefaultsRequest(target=target, changes=tuple(changes))
