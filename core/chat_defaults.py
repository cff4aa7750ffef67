"""`/set key=value ...` without a number: what a chat's new subscriptions begin with, and more of the chat."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import UserError
from core.requests import Target, check_backlog, check_interval, split_target, unquoted
from core.set_keys import KEYS

Value = str | float | bool
Changes = tuple[tuple[str, Value | None], ...]
_PAIR = re.compile(r"(?P<key>[A-Za-z_]+)=(?P<value>\S*)")


def _one_of(name: str, *words: str) -> Callable[[str, float], str]:
    def read(text: str, _least_s: float) -> str:
        if text.lower() not in words:
            raise UserError(f"{name}: say {' or '.join(words)}.")
        return text.lower()

    return read


def _flag(name: str) -> Callable[[str, float], bool]:
    return lambda text, least_s: bool(KEYS[name].read(text, least_s))


_READ: dict[str, Callable[[str, float], Value]] = {
    "every": lambda text, least_s: check_interval(text, interval_min_s=least_s),
    "backlog": lambda text, _: check_backlog(text),
    "silent": _flag("silent"),
    "preview": _flag("preview"),
    "media": _flag("media"),
    "once": _one_of("once", "chat", "topic"),
    "bare": _one_of("bare", "ask", "watch", "post"),
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
    target, words = split_target(text.split())
    pairs = [_PAIR.fullmatch(word) for word in words]
    if not words or pairs[0] is None:
        return None
    changes: list[tuple[str, Value | None]] = []
    for word, pair in zip(words, pairs, strict=True):
        if pair is None or pair["key"].lower() not in _READ:
            raise UserError(
                f"“{word[:40]}” cannot be set for a whole chat: {', '.join(NAMES)} can. "
                "For one source say its number first, like /set 3 every=30m."
            )
        key, value = pair["key"].lower(), unquoted(pair["value"])
        unset = not value or value.lower() == "default"
        changes.append((key, None if unset else _READ[key](value, interval_min_s)))
    return DefaultsRequest(target=target, changes=tuple(changes))
