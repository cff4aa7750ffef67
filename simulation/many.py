"""Many seeds, over processes: each with its verdict as it comes, and one summary of them all.

The program is an argument, a function of a module, so that other processes find it too.
"""

import platform
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context

from simulation.course import Program
from simulation.running import Outcome, run_scenario
from simulation.scenario import Scenario
from simulation.shrinking import shrunk

_LIBRARIES = ("trio", "httpx", "aiogram", "sqlite-utils")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One seed that has run.

    Attributes:
        seed: Of the scenario.
        lines: What is said of it.
        wrong: Whether anything was.
        cpu_s: What it took, without the search for the fewest steps.
        peak_kib: The most memory that its process has had until now.
    """

    seed: int
    lines: tuple[str, ...]
    wrong: bool
    cpu_s: float
    peak_kib: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How seeds are to run: their length in seconds, and what is said of them."""

    length_s: float
    shrink: bool = True
    show: bool = False


def run_seeds(
    seeds: Sequence[int], program: Program, wanted: Wanted, *, prepare: Callable[[], None], jobs: int = 1
) -> Iterator[Ran]:
    """Run seeds in so many processes, each prepared, and yield each as it ends; one process is this one."""
    run = partial(run_seed, program=program, wanted=wanted)
    if jobs <= 1:
        prepare()
        yield from map(run, seeds)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork"), initializer=prepare) as pool:
        for one in as_completed([pool.submit(run, seed) for seed in seeds]):
            yield one.result()


def run_seed(seed: int, program: Program, wanted: Wanted) -> Ran:
    """Run one seed, and look for its fewest steps if it fails."""
    scenario = Scenario.drawn(seed, length_s=wanted.length_s)
    began_s = time.process_time()
    outcome = run_scenario(scenario, program)
    cpu_s = time.process_time() - began_s
    lines = [f"{outcome.summary} cpu={cpu_s:.1f}s"]
    if outcome.wrongs:
        lines += _told(scenario, outcome, program) if wanted.shrink else _words(outcome)
    elif wanted.show:
        lines += outcome.timeline
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wrong = bool(outcome.wrongs)
    return Ran(seed=seed, lines=tuple(lines), wrong=wrong, cpu_s=cpu_s, peak_kib=peak_kib)


def _told(scenario: Scenario, outcome: Outcome, program: Program) -> list[str]:
    """Tell the run with the fewest steps of a scenario that goes wrong."""
    steps = shrunk(
        scenario.steps, lambda fewer: bool(run_scenario(replace(scenario, steps=fewer), program).wrongs)
    )
    if steps != scenario.steps:
        outcome = run_scenario(replace(scenario, steps=steps), program)
    return [f"  {len(steps)} of {len(scenario.steps)} steps are enough", *_words(outcome)]


def _words(outcome: Outcome) -> list[str]:
    return [*(f"  {line}" for line in outcome.timeline), *(f"  WRONG: {one}" for one in outcome.wrongs)]


def machine() -> str:
    """Return what ran: versions of Python, SQLite and the libraries that matter."""
    names = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {names}"


def moment() -> str:
    """Return the time of the wall clock, to be written into results."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def summary(ran: Sequence[Ran], *, began: str, wall_s: float, jobs: int) -> list[str]:
    """Sum up runs; `began` is their first moment, `wall_s` how long they took."""
    failed = sorted(one.seed for one in ran if one.wrong)
    cpu_s, peak_kib = sum(one.cpu_s for one in ran), max((one.peak_kib for one in ran), default=0)
    good = f"{len(ran) - len(failed)} of {len(ran)} were good"
    cost = f"cpu: {cpu_s:.0f} s, {cpu_s / max(1, len(ran)):.2f} s a seed"
    return [
        f"start: {began}, end: {moment()}, {wall_s:.0f} s, processes: {jobs}",
        machine(),
        f"{cost}; most memory of a process: {peak_kib / 1024:.0f} MiB",
        good + (f"; failed: {failed}" if failed else ""),
    ]
