"""Seeds over processes: each is told with its verdict, and the summary names those that failed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from simulation.many import Wanted, run_seeds, summary
from simulation.world import World
from tests.simulation.running import start_program

TINY = Wanted(length_s=20.0, shrink=False)


@asynccontextmanager
async def broken_program(world: World, **_: object) -> AsyncIterator[None]:
    """Give up in any world, and say in which."""
    if world:
        raise ValueError(world.seed)
    yield


def nothing() -> None:
    """Prepare nothing."""


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_seed_is_told_and_those_that_failed_are_named(jobs: int) -> None:
    ran = list(run_seeds([3, 4, 5], broken_program, TINY, prepare=nothing, jobs=jobs))
    assert {one.seed: one.lines[-1] for one in ran} == {
        seed: f"  WRONG: gave up: ValueError({seed})" for seed in (3, 4, 5)
    }
    *_, verdict = summary(ran, began="then", wall_s=1.0, jobs=jobs)
    assert verdict == "0 of 3 were good; failed: [3, 4, 5]"


def test_good_seed_is_told_in_a_line_with_its_cost() -> None:
    (one,) = run_seeds([3], start_program, TINY, prepare=nothing)
    assert (one.seed, one.wrong) == (3, False)
    (line,) = one.lines
    assert line.startswith("seed=3 ")
    assert " wrong=0 cpu=" in line
    _, versions, cost, verdict = summary([one], began="then", wall_s=1.0, jobs=1)
    assert "SQLite" in versions
    assert f"{one.peak_kib / 1024:.0f} MiB" in cost
    assert verdict == "1 of 1 were good"
