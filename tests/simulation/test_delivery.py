"""Lost answers, server errors and crashes all along, under Telegram's own limits: every post arrives once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from simulation.delivery import Plan, Tally, deliver
from simulation.invariants import violations
from simulation.world import World
from tests.simulation.running import Start

PLAN = Plan(chats=10, links=12, crashes=3, feeds=2, fault_rate=0.08)


async def test_every_post_arrives_once_and_in_order(
    autojump_clock: MockClock, tmp_path: Path, nursery: trio.Nursery, start: Start
) -> None:
    world = World(3, tmp_path, nursery=nursery)
    tally = await deliver(world, lambda world: start(world, fetch_pages=False, flood_brake=0), PLAN)
    assert tally.perfect, tally
    assert tally.faults > 5
    assert tally.in_doubt > 3
    assert violations(world.database, world.api.journal) == []


@pytest.mark.parametrize(
    "fault", ["doubled", "held", "lost", "out_of_order", "during_flood_waits", "copies_left"]
)
def test_a_tally_with_any_fault_is_not_perfect(fault: str) -> None:
    assert Tally(wanted=3, arrived=3).perfect
    faults: dict[str, Any] = {fault: 1}
    assert not replace(Tally(wanted=3, arrived=3), **faults).perfect
    assert not Tally().perfect, "nothing was wanted"
