"""The rules of a chat's schedule: how they are written, kept and shown."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Self

from core.durations import format_duration, parse_duration
from core.errors import UserError, WrongValue
from core.posting.hours import DAY_MIN, Hours, format_clock, parse_clock

FOLD = 20
"""More posts than this that are let go at once become a digest."""
_LONGEST_GAP_S = 86_400.0
_MOST = 1000
_OFF = "off"
_CAP = re.compile(r"(\d{1,4})(?:\s*/\s*day)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRules:
    """When posts of a chat may go out, and how.

    Attributes:
        hold: hours in which posts wait.
        silent: hours in which posts make no sound.
        window: if there are any, posts wait outside of them.
        gap_s: pause between two posts.
        cap: posts a day of the calendar; None is no limit.
        digest: minutes of the day at which what waits goes out as one post.
        fold: more posts than this that are let go at once become a digest; 0 is never.
    """

    hold: tuple[Hours, ...] = ()
    silent: tuple[Hours, ...] = ()
    window: tuple[Hours, ...] = ()
    gap_s: float = 0.0
    cap: int | None = None
    digest: tuple[int, ...] = ()
    fold: int = FOLD

    def write(self) -> str:
        """Return these as JSON, for the database; what is as usual is left out."""
        values = {
            "hold": [str(hours) for hours in self.hold],
            "silent": [str(hours) for hours in self.silent],
            "window": [str(hours) for hours in self.window],
            "gap": self.gap_s,
            "cap": self.cap,
            "digest": [format_clock(minute) for minute in self.digest],
        }
        kept: dict[str, object] = {name: value for name, value in values.items() if value}
        return json.dumps(kept | ({} if self.fold == FOLD else {"fold": self.fold}))

    @classmethod
    @lru_cache(maxsize=4096)  # each claim reads the rules of every chat for which something waits
    def read(cls, text: str) -> Self:
        """Read what `write` wrote."""
        values = json.loads(text or "{}")
        return cls(
            hold=tuple(map(Hours.parse, values.get("hold", ()))),
            silent=tuple(map(Hours.parse, values.get("silent", ()))),
            window=tuple(map(Hours.parse, values.get("window", ()))),
            gap_s=values.get("gap", 0.0),
            cap=values.get("cap"),
            digest=tuple(map(parse_clock, values.get("digest", ()))),
            fold=values.get("fold", FOLD),
        )

    def lines(self) -> list[str]:
        """Return these as they are typed, one rule a line."""
        lines = [f"{name} {each}" for name in ("hold", "silent", "window") for each in getattr(self, name)]
        lines += [f"gap {format_duration(self.gap_s)}"] if self.gap_s else []
        lines += [f"cap {self.cap}/day"] if self.cap else []
        lines += [f"digest {','.join(map(format_clock, self.digest))}"] if self.digest else []
        if self.fold != FOLD:
            lines.append(f"fold {self.fold or 'off'}")
        return lines


def parse_rules(text: str, before: PostingRules) -> PostingRules:
    """Read rules as they are typed; a rule replaces those of its name, `off` alone ends them all.

    Raises:
        UserError: something is no rule, or nothing could ever go out.
    """
    clean = re.sub(rf"[;,]\s*(?={'|'.join(_RULES)}|$)", " ", text.lower())
    words = re.sub(r"\s*,\s*", ",", clean).split()
    if words == [_OFF]:
        return PostingRules()
    clauses: list[tuple[str, list[str]]] = []
    for word in words:
        name = word.strip(",")
        if name in _RULES:
            clauses.append((name, []))
        elif clauses:
            clauses[-1][1].append(name)
        else:
            raise UserError(
                "“{word}” is no rule. I know {rules}, and off.", word=word[:40], rules=", ".join(_RULES)
            )
    rules = before
    for name in dict.fromkeys(name for name, _ in clauses):
        values = [" ".join(said) for other, said in clauses if other == name]
        rules = _with(rules, name, values)
    if not _ever_open(rules):
        raise UserError("With these rules nothing could ever go out: the hold covers the whole window.")
    return rules


def _with(rules: PostingRules, name: str, values: list[str]) -> PostingRules:
    try:
        return _RULES[name](rules, values)
    except WrongValue as error:
        raise UserError(
            "{name}: {error}. For example: {examples}", name=name, error=error, examples=_EXAMPLES[name]
        ) from None


def _hours(values: list[str]) -> tuple[Hours, ...]:
    return () if values == [_OFF] else tuple(Hours.parse(value) for value in values)


def _gap(values: list[str]) -> float:
    seconds = 0.0 if values == [_OFF] else parse_duration(values[-1])
    if seconds > _LONGEST_GAP_S:
        raise WrongValue("a day is the longest gap")
    return seconds


def _cap(values: list[str]) -> int | None:
    if values == [_OFF]:
        return None
    match = _CAP.fullmatch(values[-1])
    if match is None or not 0 < int(match[1]) <= _MOST:
        raise WrongValue("{text!r} is no number of posts between 1 and {most}", text=values[-1], most=_MOST)
    return int(match[1])


def _clocks(values: list[str]) -> tuple[int, ...]:
    if values == [_OFF]:
        return ()
    times = ",".join(values).replace(" ", ",").split(",")
    return tuple(sorted({parse_clock(time) for time in times}))


def _fold(values: list[str]) -> int:
    if values == [_OFF]:
        return 0
    if not values[-1].isdecimal() or int(values[-1]) > _MOST:
        raise WrongValue("{text!r} is no number of posts up to {most}", text=values[-1], most=_MOST)
    return int(values[-1])


def _ever_open(rules: PostingRules) -> bool:
    """Return whether posts may go out in some minute of a week."""
    monday = datetime(2024, 1, 1)  # noqa: DTZ001 - a clock on the wall
    minutes = (monday + timedelta(minutes=minute) for minute in range(7 * DAY_MIN))
    return any(closed_by(rules, minute) is None for minute in minutes)


def closed_by(rules: PostingRules, local: datetime) -> str | None:
    """Return which rule lets nothing out at a moment of local time, `hold` or `window`; None is open."""
    if any(hours.cover(local) for hours in rules.hold):
        return "hold"
    if rules.window and not any(hours.cover(local) for hours in rules.window):
        return "window"
    return None


_RULES: dict[str, Callable[[PostingRules, list[str]], PostingRules]] = {
    "hold": lambda rules, said: replace(rules, hold=_hours(said)),
    "silent": lambda rules, said: replace(rules, silent=_hours(said)),
    "window": lambda rules, said: replace(rules, window=_hours(said)),
    "gap": lambda rules, said: replace(rules, gap_s=_gap(said)),
    "cap": lambda rules, said: replace(rules, cap=_cap(said)),
    "digest": lambda rules, said: replace(rules, digest=_clocks(said)),
    "fold": lambda rules, said: replace(rules, fold=_fold(said)),
}
_EXAMPLES = {
    "hold": "hold 23:00-08:00",
    "silent": "silent 22:00-07:30",
    "window": "window 09:00-21:00 mon-fri",
    "gap": "gap 10m",
    "cap": "cap 20/day",
    "digest": "digest 09:00,18:00",
    "fold": "fold 20",
}
