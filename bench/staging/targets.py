"""The staging targets, and what a run says of each."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from bench.staging.asking import Asker
from bench.staging.scraping import READY, Sample, Scraper, quantile, total
from bench.staging.world import World

READY_SHARE = 0.99
MOST_BYTES = 250e6
GROWTH = 1.10
"""Memory is flat when the last quarter's median is no more than this times the first's."""
LAG_S, ANSWER_S, STOP_S, CONNECTIONS = 0.1, 0.5, 5.0, 200
RSS = "process_resident_memory_bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One target: what it asks for, what came out, and where that was read."""

    name: str
    wanted: str
    found: str
    read_from: str
    met: bool

    def as_json(self) -> dict[str, Any]:
        """Return it for a file."""
        return asdict(self)

    def line(self) -> str:
        """Return it for a person."""
        verdict = "ok  " if self.met else "MISS"
        return f"{verdict} {self.name:22} {self.found:34} wanted {self.wanted}; {self.read_from}"


def targets(scraper: Scraper, asker: Asker, world: World, *, stop_s: float, code: int) -> list[Target]:
    """Judge a run."""
    return [
        *_of_the_process(scraper),
        *_of_answers(scraper.samples[-1], asker),
        *_of_posts(scraper.samples, world),
        Target(
            name="graceful stop",
            wanted=f"under {STOP_S:g} s, exit code 0",
            found=f"{stop_s:.2f} s, exit code {code}",
            read_from="from SIGTERM to the end of the process",
            met=stop_s < STOP_S and code == 0,
        ),
    ]


def _of_the_process(scraper: Scraper) -> Iterator[Target]:
    samples = scraper.samples
    asked = len(samples) + scraper.failed
    ready = sum(sample.ready == READY for sample in samples)
    yield Target(
        name="ready",
        wanted=f"over {READY_SHARE:.0%}",
        found=f"{ready} of {asked} looks, {ready / asked:.2%}",
        read_from="/readyz",
        met=ready / asked > READY_SHARE,
    )
    first, last = quarters([sample.numbers[RSS] for sample in samples])
    most = max(sample.numbers[RSS] for sample in samples)
    yield Target(
        name="memory is flat",
        wanted=f"last quarter at most {GROWTH:g} times the first",
        found=f"{first / 1e6:.1f} -> {last / 1e6:.1f} MB, {last / first:.3f}",
        read_from=RSS,
        met=last / first <= GROWTH,
    )
    yield Target(
        name="memory",
        wanted=f"under {MOST_BYTES / 1e6:.0f} MB",
        found=f"{most / 1e6:.1f} MB at most",
        read_from=RSS,
        met=most < MOST_BYTES,
    )
    lag_s = quantile(samples[-1].numbers, "vestnik_event_loop_lag_seconds", 0.99)
    yield Target(
        name="event loop lag, p99",
        wanted=f"under {LAG_S * 1000:.0f} ms",
        found=f"at most {lag_s * 1000:g} ms",
        read_from="vestnik_event_loop_lag_seconds",
        met=lag_s < LAG_S,
    )
    restarts = total(samples[-1].numbers, "vestnik_actor_restarts_total")
    starts = len({sample.numbers["process_start_time_seconds"] for sample in samples})
    yield Target(
        name="no crashes",
        wanted="no restart of an actor, one process",
        found=f"{restarts:.0f} restarts, {starts} process",
        read_from="vestnik_actor_restarts_total, process_start_time_seconds",
        met=restarts == 0 and starts == 1,
    )
    descriptors = max(sample.numbers["process_open_fds"] for sample in samples)
    yield Target(
        name="open connections",
        wanted=f"under {CONNECTIONS}",
        found=f"{descriptors:.0f} file descriptors at most",
        read_from="process_open_fds",
        met=descriptors < CONNECTIONS,
    )


def _of_answers(last: Sample, asker: Asker) -> Iterator[Target]:
    at_most_s = quantile(last.numbers, "vestnik_answer_seconds", 0.99)
    yield Target(
        name="answers, p99",
        wanted=f"under {ANSWER_S * 1000:.0f} ms",
        found=f"at most {at_most_s * 1000:g} ms",
        read_from="vestnik_answer_seconds",
        met=at_most_s < ANSWER_S,
    )
    slow_s = statistics.quantiles(asker.seconds, n=100)[98]
    yield Target(
        name="answers, p99, outside",
        wanted=f"under {ANSWER_S * 1000:.0f} ms, none missing",
        found=f"{slow_s * 1000:.0f} ms of {len(asker.seconds)}, {asker.unanswered} missing",
        read_from="from the question to its answer at Telegram",
        met=slow_s < ANSWER_S and not asker.unanswered,
    )


def _of_posts(samples: Sequence[Sample], world: World) -> Iterator[Target]:
    told = max(sample.numbers["vestnik_duplicates"] for sample in samples)
    yield Target(
        name="duplicates",
        wanted="0",
        found=f"{told:.0f}",
        read_from="vestnik_duplicates",
        met=told == 0,
    )
    repeated = world.repeated()
    yield Target(
        name="duplicates, outside",
        wanted="0",
        found=f"{len(repeated)} of {len(list(world.posts()))} posts",
        read_from="links that stand twice in a chat of the simulated Telegram",
        met=not repeated,
    )


def quarters(values: Sequence[float]) -> tuple[float, float]:
    """Return the medians of the first and of the last quarter."""
    length = max(1, len(values) // 4)
    return statistics.median(values[:length]), statistics.median(values[-length:])


def shown(samples: Sequence[Sample], started_s: float) -> list[dict[str, float]]:
    """Return a row for each minute of a run: its last sample."""
    by_minute = groupby(samples, key=lambda sample: int((sample.at_s - started_s) // 60))
    return [_row(minute, list(some)[-1]) for minute, some in by_minute]


def _row(minute: int, sample: Sample) -> dict[str, float]:
    numbers = sample.numbers
    return {
        "minute": minute,
        "ready": sample.ready,
        "resident_bytes": numbers[RSS],
        "resident_bytes_with_children": sample.family_bytes,
        "open_fds": numbers["process_open_fds"],
        "cpu_seconds": round(numbers["process_cpu_seconds_total"], 2),
        "polls": total(numbers, "vestnik_polls_total"),
        "sent": numbers["vestnik_sends_total{result=sent}"],
        "pending": numbers["vestnik_queue_links{state=pending}"],
        "oldest_pending_seconds": round(numbers["vestnik_oldest_pending_seconds"], 1),
        "lag_p99_seconds": quantile(numbers, "vestnik_event_loop_lag_seconds", 0.99),
        "duplicates": numbers["vestnik_duplicates"],
        "restarts": total(numbers, "vestnik_actor_restarts_total"),
    }
