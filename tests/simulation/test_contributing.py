"""The whole-program test that docs/contributing.md shows."""

from pathlib import Path

from trio.testing import MockClock

from simulation.world import CHANNEL_ID, World
from tests.contributing import load
from tests.simulation.running import Check, Start


async def test_the_example_runs(
    autojump_clock: MockClock, world: World, start: Start, check: Check, tmp_path: Path
) -> None:
    example = load("tests/simulation/test_example.py", tmp_path)
    await example.test_a_site_that_is_down_for_a_while_loses_nothing(autojump_clock, world, start, check)
    assert len(world.links(CHANNEL_ID)) == 2
