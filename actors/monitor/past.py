"""The last day of a run, minute by minute, for plots."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from core.metrics import Metrics

MINUTES = 24 * 60
_BARS = 96
_HEIGHT = 40
_WIDTH = 6


@dataclass(frozen=True, slots=True)
class Minute:
    """What happened in one minute, and what waited at its end."""

    sent: float
    polls: float
    waiting: float


class Past:
    """Keeps one day of minutes in memory; it begins with the run."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._minutes: deque[Minute] = deque(maxlen=MINUTES)
        self._before = self._totals()

    def note(self, *, waiting: float) -> None:
        """Close a minute."""
        sent, polls = now = self._totals()
        self._minutes.append(Minute(sent - self._before[0], polls - self._before[1], waiting))
        self._before = now

    def sent(self) -> list[float]:
        """Return posts in each quarter of an hour, the latest last."""
        return [sum(each.sent for each in part) for part in self._parts()]

    def polls(self) -> list[float]:
        """Return polls in each quarter of an hour, the latest last."""
        return [sum(each.polls for each in part) for part in self._parts()]

    def waiting(self) -> list[float]:
        """Return the most that waited in each quarter of an hour, the latest last."""
        return [max(each.waiting for each in part) for part in self._parts()]

    def _totals(self) -> tuple[float, float]:
        return self._metrics.sends_total.values["sent"], self._metrics.polls_total.total()

    def _parts(self) -> list[list[Minute]]:
        minutes = list(self._minutes)
        step = MINUTES // _BARS
        begins = range(len(minutes) % step - step if len(minutes) % step else 0, len(minutes), step)
        return [minutes[max(0, begin) : begin + step] for begin in begins]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot, in units of its picture."""

    x: float
    y: float
    width: float
    height: float


def bars(values: Sequence[float]) -> list[Bar]:
    """Return the bars of a plot of 576 by 40, the latest value at its right edge."""
    top = max(values, default=0.0) or 1.0
    shift = _BARS - len(values)
    found = []
    for place, value in enumerate(values):
        height = round(value / top * _HEIGHT, 1)
        found.append(Bar((place + shift) * _WIDTH, round(_HEIGHT - height, 1), _WIDTH - 1, height))
    return found
