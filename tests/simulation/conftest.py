"""Whole-program runs in a simulated world, and what is asserted after each."""

import gc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from core.errors import leaves
from simulation.botapi import Limits
from simulation.invariants import violations
from simulation.scheduling import seeded
from simulation.world import World
from tests.simulation.running import Check, LeafOf, Start, start_program


@pytest.fixture(scope="session", autouse=True)
def modules_are_no_garbage() -> None:
    """Spare the collection of garbage, which comes before each seeded run, all that importing has made."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def order_of_tasks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let each test have the same order of tasks in every run; other orders are for seeded scenarios."""
    with seeded(zlib.crc32(request.node.nodeid.encode())):
        yield


@pytest.fixture
def start() -> Start:
    return start_program


@pytest.fixture
async def world(tmp_path: Path, nursery: trio.Nursery) -> World:
    """A world; its test asks for autojump_clock too, for pytest-trio looks at a test's own arguments."""
    assert isinstance(trio.lowlevel.current_clock(), MockClock), "the test must ask for autojump_clock"
    return World(1, tmp_path, nursery=nursery, limits=Limits.off())


@pytest.fixture
def check() -> Check:
    """Assert all invariants of a world whose program has ended."""

    def assert_all(world: World, **options: bool) -> None:
        assert violations(world.database, world.api.journal, **options) == []
        assert world.api.flood_violations == []

    return assert_all


@pytest.fixture
def leaf_of() -> LeafOf:
    def first(error: BaseException | None) -> BaseException:
        assert error is not None
        return next(leaves(error))

    return first
