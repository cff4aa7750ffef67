"""What a bench hands over, what it should show, and the verdict. Pure."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["us", "ms", "MB"]
Verdict = Literal["aim reached", "limit reached", "not reached"]

_FACTORS: dict[Unit, float] = {"us": 1e6, "ms": 1e3, "MB": 1e-6}
_NOISY = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was measured for one line of the table, one value a round, in seconds or bytes."""

    name: str
    ours: list[float]
    reference: list[float] = field(default_factory=list)
    """In the same rounds; empty where the target is one of its own and not beside something."""
    unit: Unit = "us"
    """In which the values are shown."""
    note: str = ""
    """What a reader must know to judge the figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a line should show: at most `limit`, better `aim`; at least, where `at_least` is set."""

    title: str
    limit: float
    aim: float
    at_least: bool = False
    """The ratio is how often ours goes into the reference."""
    unit: Unit | None = None
    """Of limit and aim, where they are no ratios."""


TARGETS = {
    "P1": Target(title="polling 1,000 feeds, one in 6 a 200 / floor", limit=2.2, aim=1.6),
    "P2": Target(title="the same, all 304 / floor", limit=2.6, aim=1.9),
    "P3": Target(title="a cold 304: stock httpx / ours", limit=2.3, aim=3.3, at_least=True),
    "P4": Target(title="a fetch with 500 idle hosts / with none", limit=1.3, aim=1.1),
    "P5": Target(title="read a feed of 62 KB / lxml's tree of it", limit=2.0, aim=1.5),
    "P6": Target(title="a hostile document of 1 MB / an honest one", limit=10, aim=5),
    "P7": Target(title="dedupe of 256 keys, 95 % seen / executemany", limit=1.5, aim=1.2),
    "P8": Target(title="normalize a URL / can_ada.parse", limit=8, aim=5),
    "P9": Target(title="a page's metadata / lxml's tree of the page", limit=0.10, aim=0.05),
    "P10": Target(title="a poll among 10,000 sources / among 100", limit=1.2, aim=1.05),
    "P11": Target(title="resident memory, 10,000 idle sources / 10", limit=1.4, aim=1.2),
    "P12": Target(title="longest gap of the loop, a feed of 2 MB", limit=100, aim=50, unit="ms"),
    "P13": Target(title="/stats with a million links in history", limit=500, aim=50, unit="ms"),
    "P14": Target(title="1,000 posts to 100 chats / bare aiogram", limit=2.0, aim=1.4),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the table, in numbers."""

    name: str
    ours: float
    """The median, in `unit`."""
    reference: float | None
    unit: Unit
    rounds: int
    low: float
    middle: float
    high: float
    """Lowest, median and highest of what is compared with the target."""
    noisy: bool
    verdict: Verdict
    load: float
    """How many processes of the machine wanted a core at the time."""
    note: str


def line_of(result: Result, load: float = 0.0) -> Line:
    """Judge what was measured.

    Raises:
        ValueError: there are no rounds, or not as many of the reference.
    """
    target = TARGETS[result.name]
    values = judged(result, target)
    middle = statistics.median(values)
    factor = _FACTORS[result.unit]
    return Line(
        name=result.name,
        ours=statistics.median(result.ours) * factor,
        reference=statistics.median(result.reference) * factor if result.reference else None,
        unit=result.unit,
        rounds=len(values),
        low=min(values),
        middle=middle,
        high=max(values),
        noisy=is_noisy(values),
        verdict=verdict_of(middle, target),
        load=load,
        note=result.note,
    )


def judged(result: Result, target: Target) -> list[float]:
    """Return what is compared with the target: a ratio for each round, or ours in the target's unit."""
    if target.unit is not None:
        return [value * _FACTORS[target.unit] for value in result.ours]
    if target.at_least:
        return [theirs / ours for ours, theirs in zip(result.ours, result.reference, strict=True)]
    return [ours / theirs for ours, theirs in zip(result.ours, result.reference, strict=True)]


def verdict_of(value: float, target: Target) -> Verdict:
    """Say which of limit and aim a value keeps; a value equal to it does."""
    sign = -1 if target.at_least else 1
    if sign * value <= sign * target.aim:
        return "aim reached"
    return "limit reached" if sign * value <= sign * target.limit else "not reached"


def is_noisy(values: Sequence[float]) -> bool:
    """Tell whether the middle half of the values is wider than a fifth of their median."""
    if len(values) < 2:
        return True
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return high - low > _NOISY * middle
