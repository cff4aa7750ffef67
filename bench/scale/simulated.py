"""`python -m bench.scale.simulated`: half a million polls of 100,000 sources, and as many of 100.

As in `bench.polls`: the real poller, writer and database; sites, time and chance are simulated. Compared is
the CPU of a poll once all sources have been read twice: the first look at one stores all that it shows.
"""

import json
import logging
import statistics
import tempfile
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import click
import structlog
import trio
from trio.testing import MockClock

from bench.machine import machine
from bench.polls import Found, Plan, Sample, quantile, run

LIMIT = 1.2
_SAMPLES = 20
_AT_ONCE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What so many polls of so many sources take."""

    sources: int
    polls: int
    poll_cpu_s: float
    """The median of parts of the run, once all sources have been read twice."""
    virtual_s: float
    late_p99_s: float
    """Of sources in good health, but for their first polls."""
    resident_bytes: int

    def __str__(self) -> str:
        return (
            f"{self.sources:8,} sources {self.polls:9,} polls {self.poll_cpu_s * 1e6:6.0f} us of CPU a poll"
            f" {self.virtual_s / 3600:8.1f} virtual hours  p99 of lateness {self.late_p99_s:6.2f} s"
            f" {self.resident_bytes / 1e6:6.0f} MB"
        )


def simulate(sources: int, polls: int) -> Cost:
    """Poll under a clock that jumps."""
    plan = Plan(
        sources=sources,
        hosts=sources,
        polls=polls,
        concurrency=_AT_ONCE,
        sample_every=max(1, polls // _SAMPLES),
    )
    with tempfile.TemporaryDirectory() as name:
        found = trio.run(run, plan, Path(name), clock=MockClock(autojump_threshold=0))
    return cost_of(plan, found)


def cost_of(plan: Plan, found: Found) -> Cost:
    """Work out what a poll took where nothing was new any more but news."""
    last = found.samples[-1]
    return Cost(
        sources=plan.sources,
        polls=last.polls,
        poll_cpu_s=statistics.median(_parts(found.samples, after=2 * plan.sources)),
        virtual_s=last.virtual_s,
        late_p99_s=quantile(found.later, 0.99),
        resident_bytes=last.rss_bytes,
    )


def _parts(samples: list[Sample], *, after: int) -> list[float]:
    """Return the CPU of a poll in each part of a run, from so many polls on."""
    return [
        (ends.cpu_s - begins.cpu_s) / (ends.polls - begins.polls)
        for begins, ends in pairwise(samples)
        if begins.polls >= after
    ]


@click.command()
@click.option("--polls", default=500_000, show_default=True)
@click.option("--few", default=100, show_default=True)
@click.option("--many", default=100_000, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures there.")
def main(polls: int, few: int, many: int, json_file: Path | None) -> None:
    """Simulate both, and print how they compare."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    about = machine()
    costs = []
    for count in (few, many):
        costs.append(simulate(count, polls))
        click.echo(str(costs[-1]))
    ratio = costs[1].poll_cpu_s / costs[0].poll_cpu_s
    click.echo(f"a poll among {many:,} / among {few:,}: {ratio:.2f} (limit {LIMIT})")
    if json_file:
        figures = {"machine": about, "runs": [asdict(each) for each in costs]}
        json_file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
