"""Which function measures which lines of the table: each runs in a process of its own, one after the other.

Such a function takes how many rounds count, and whether a quick look is enough: then it does less in a round,
and its figures are rough.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A function of a module, named so that a child process can find it."""

    names: tuple[str, ...]
    module: str
    function: str
    rounds: int
    """How many it takes when nobody asks for a number; the shorter a round, the more."""


MEASURES = (
    Measure(("P1", "P2"), "bench.polling", "results", 9),
    Measure(("P3", "P4"), "bench.transport", "results", 9),
    Measure(("P5",), "bench.parsing", "mapping_results", 15),
    Measure(("P6",), "bench.parsing", "hostile_results", 7),
    Measure(("P7",), "bench.dedupe", "results", 9),
    Measure(("P8",), "bench.urls", "results", 15),
    Measure(("P9",), "bench.pages", "results", 15),
    Measure(("P10",), "bench.many_sources", "results", 31),
    Measure(("P11",), "bench.resident", "results", 7),
    Measure(("P12",), "bench.parsing", "gap_results", 9),
    Measure(("P13",), "bench.stats", "results", 9),
    Measure(("P14",), "bench.publishing", "results", 9),
)


def wanted(only: Collection[str]) -> list[Measure]:
    """Return what must run for these lines; for none named, everything.

    Raises:
        ValueError: there is no such line.
    """
    known = {name for measure in MEASURES for name in measure.names}
    if unknown := sorted(set(only) - known):
        raise ValueError(f"no such line: {', '.join(unknown)}; they are P1 to P{len(known)}")
    return [measure for measure in MEASURES if not only or set(measure.names) & set(only)]
