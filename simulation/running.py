"""One scenario in a world of its own, from its first moment to the verdict."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import trio
from trio.testing import MockClock

from simulation.course import Course, Program
from simulation.evidence import Listening, events, listening, timeline
from simulation.scenario import Scenario
from simulation.scheduling import seeded
from simulation.verdict import wrongs

_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it is private
"""Files there never wait for a disk. What a loss of power leaves is worked out from what they hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a scenario.

    Attributes:
        summary: Its seed and some figures, in a line.
        wrongs: What should not be.
        events: Everything that was seen, and every row: the same for the same seed.
        timeline: What happened, for people.
    """

    summary: str
    wrongs: tuple[str, ...]
    events: tuple[str, ...]
    timeline: tuple[str, ...]


Beside: TypeAlias = Callable[[Course, Listening], Awaitable[None]]
"""Looks on while a course is under way, and is cancelled at its end."""


def run_scenario(scenario: Scenario, program: Program, *, beside: Beside | None = None) -> Outcome:
    """Run a scenario in a trio of its own, under a virtual clock and seeded scheduling."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder, listening() as heard, seeded(scenario.seed):
        courses: list[Course] = []
        try:
            look_on = None if beside is None else _with(beside, heard)
            run = partial(_run, scenario, Path(folder), program, courses, look_on)
            trio.run(run, clock=MockClock(autojump_threshold=0.0))
        except Exception as error:  # noqa: BLE001 - whatever ended the program is what was looked for
            return _ended(scenario, courses, error)
        return _outcome(courses[0], heard)


def _with(beside: Beside, heard: Listening) -> Callable[[Course], Awaitable[None]]:
    return lambda course: beside(course, heard)


def memory() -> Path | None:
    """Return a folder in memory for the databases of runs, or None where there is none."""
    return _MEMORY if os.access(_MEMORY, os.W_OK) else None


async def _run(
    scenario: Scenario,
    folder: Path,
    program: Program,
    courses: list[Course],
    look_on: Callable[[Course], Awaitable[None]] | None,
) -> None:
    async with trio.open_nursery() as nursery:
        course = Course(scenario, folder, nursery, program)
        courses.append(course)
        if look_on is not None:
            nursery.start_soon(look_on, course)
        await course.run()
        nursery.cancel_scope.cancel()


def _outcome(course: Course, heard: Listening) -> Outcome:
    found = wrongs(course, heard.lines)
    faults = len(course.world.api.faults.struck) + sum(bool(one.trouble) for one in course.world.web.requests)
    figures = {
        "seed": course.scenario.seed,
        "steps": len(course.done),
        "messages": len(course.world.api.journal),
        "faults": faults,
        "crashes": course.crashes,
        "minutes": round((course.ended_ms / 1000 - course.began_s) / 60),
        "wrong": len(found),
    }
    return Outcome(
        summary=" ".join(f"{name}={value}" for name, value in figures.items()),
        wrongs=tuple(found),
        events=tuple(events(course)),
        timeline=tuple(timeline(course)),
    )


def _ended(scenario: Scenario, courses: list[Course], error: BaseException) -> Outcome:
    """What is known of a run in which the program, or the world, gave up."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return Outcome(
        summary=f"seed={scenario.seed} gave up",
        wrongs=(f"gave up: {error!r}",),
        events=(),
        timeline=tuple(timeline(courses[0])) if courses else (),
    )
