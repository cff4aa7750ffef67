"""What people type after `/pause` and `/resume`, read into values."""

import re
from dataclasses import dataclass

from core.durations import parse_duration
from core.errors import UserError
from core.requests import Target, check_backlog, split_target

_UNIT = re.compile(r"\d.*[a-z]", re.IGNORECASE)
_ALL = frozenset({"pauseall", "activeall"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRequest:
    """Which subscriptions pause or go on; `which` is empty where that was not said."""

    target: Target | None = None
    which: str = ""
    wait_s: float | None = None
    """How long they pause."""
    backlog: str | None = None


def parse_pause(text: str, *, command: str = "pause") -> PauseRequest:
    """Read the words after `/pause`, or after one of its other names.

    Raises:
        UserError: a word means nothing here.
    """
    target, which, others, backlog = _read(text, command)
    wait_s = None
    for word in others:
        try:
            wait_s = parse_duration(word)
        except ValueError:
            raise UserError("“{word}”: say for how long like 90m, 2h or 3d.", word=word[:30]) from None
    return PauseRequest(target=target, which=which, wait_s=wait_s, backlog=backlog)


def parse_resume(text: str, *, command: str = "resume") -> PauseRequest:
    """Read the words after `/resume`; a span alone means what came within it.

    Raises:
        UserError: a word means nothing here.
    """
    target, which, others, backlog = _read(text, command)
    for word in others:
        backlog = check_backlog(word)
    return PauseRequest(target=target, which=which, backlog=backlog)


def _read(text: str, command: str) -> tuple[Target | None, str, list[str], str | None]:
    target, words = split_target(text.split())
    which = "all" if command in _ALL else ""
    backlog = None
    others = []
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name.lower() == "backlog":
            backlog = check_backlog(value)
        elif not which and (word.isdecimal() or word.lower() == "all" or "://" in word):
            which = word.lower() if word.lower() == "all" else word
        elif _UNIT.fullmatch(word):
            others.append(word)
        else:
            raise UserError(
                "I do not understand “{word}”. Write it like /{command} 3 or /{command} all.",
                word=word[:100],
                command=command,
            )
    return target, which, others, backlog
