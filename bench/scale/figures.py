"""What one point of the curve has shown, in numbers. Pure."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.staging.scraping import Numbers, Sample, quantile, total

_LAG = "vestnik_event_loop_lag_seconds"
_RSS = "process_resident_memory_bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The process at one moment: what it says of itself."""

    at_s: float
    numbers: Numbers
    resident_bytes: float
    """With the processes that it started."""

    @property
    def cpu_s(self) -> float:
        """CPU seconds so far."""
        return self.numbers["process_cpu_seconds_total"]

    @property
    def polls(self) -> float:
        """Polls so far."""
        return total(self.numbers, "vestnik_polls_total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How long the source has waited that is due longest, and how many are due and not asked yet."""

    oldest_s: float
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One point; seconds and bytes."""

    sources: int
    polls: int
    polls_a_second: float
    due_a_second: float
    """What the intervals ask for."""
    poll_cpu_s: float
    """CPU of a poll and of all that follows from it, without that of the idle program."""
    idle_cpu: float
    """CPU seconds of a second without polls."""
    ready_s: float
    start_cpu_s: float
    resident_bytes: float
    idle_bytes: float
    """Resident memory at the first of these moments."""
    lag_p99_s: float
    """A bound under which 99 of 100 rounds of the event loop lie."""
    lag_mean_s: float
    late_median_s: float
    late_most_s: float
    late_in_the_end: int
    """So many sources were due at the end, and not asked yet."""
    stats_median_s: float
    stats_most_s: float
    stats_asked: int
    database_bytes: int
    posts: int
    failed_polls: int
    stop_s: float
    exit_code: int

    def as_json(self) -> dict[str, Any]:
        """Return it for a file."""
        return asdict(self)


def moment_of(sample: Sample) -> Moment:
    """Return what a look at the monitor says."""
    return Moment(at_s=sample.at_s, numbers=sample.numbers, resident_bytes=sample.family_bytes)


def figures_of(
    *,
    sources: int,
    rate: float,
    ready_s: float,
    start_cpu_s: float,
    moments: Sequence[Moment],
    stats_s: Sequence[float],
    late: Sequence[Lateness],
    posts: int,
    database_bytes: int,
    stop_s: float,
    exit_code: int,
) -> Figures:
    """Work out a point from begin and end of its idle time, if any, and of the time in which polls count."""
    *rests, begins, ends = moments
    idle_cpu = (rests[1].cpu_s - rests[0].cpu_s) / (rests[1].at_s - rests[0].at_s) if rests else 0.0
    lasts_s = ends.at_s - begins.at_s
    polls = max(1.0, ends.polls - begins.polls)
    lag = _between(begins.numbers, ends.numbers, _LAG)
    return Figures(
        sources=sources,
        polls=round(polls),
        polls_a_second=polls / lasts_s,
        due_a_second=rate,
        poll_cpu_s=(ends.cpu_s - begins.cpu_s - idle_cpu * lasts_s) / polls,
        idle_cpu=idle_cpu,
        ready_s=ready_s,
        start_cpu_s=start_cpu_s,
        resident_bytes=ends.resident_bytes,
        idle_bytes=moments[0].resident_bytes,
        lag_p99_s=quantile(lag, _LAG, 0.99),
        lag_mean_s=lag[f"{_LAG}_sum"] / lag[f"{_LAG}_count"],
        late_median_s=statistics.median(each.oldest_s for each in late),
        late_most_s=max(each.oldest_s for each in late),
        late_in_the_end=late[-1].waiting,
        stats_median_s=statistics.median(stats_s),
        stats_most_s=max(stats_s),
        stats_asked=len(stats_s),
        database_bytes=database_bytes,
        posts=posts,
        failed_polls=round(ends.numbers["vestnik_polls_total{result=failed}"]),
        stop_s=stop_s,
        exit_code=exit_code,
    )


def bytes_a_source(few: Figures, many: Figures) -> float:
    """Return by how much a source more lets the resident memory grow, between two points."""
    return (many.resident_bytes - few.resident_bytes) / (many.sources - few.sources)


def _between(before: Numbers, after: Numbers, name: str) -> Numbers:
    """Return what a histogram has seen between two moments."""
    return {key: after[key] - before.get(key, 0.0) for key in after if key.startswith(name)}
