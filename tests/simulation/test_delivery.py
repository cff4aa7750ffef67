"""Lost answers, server errors and crashes all along, under Telegram's own limits: every post arrives once."""

from contextlib import AbstractAsyncContextManager
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

PLAN = Plan(chats=10, links=16, crashes=3, feeds=2, fault_rate=0.08)


async def _deliver(tmp_path: Path, nursery: trio.Nursery, start: Start, *, probing: bool = True) -> Tally:
    world = World(3, tmp_path, nursery=nursery)

    def program(world: World) -> AbstractAsyncContextManager[object]:
        subscribing = world.database.name == "life-0.db"
        owners = world.settings().owner_ids if probing or subscribing else ()
        return start(world, owner_ids=owners, fetch_pages=False, flood_brake=0)

    tally = await deliver(world, program, PLAN)
    assert violations(world.database, world.api.journal) == []
    return tally


async def test_every_post_arrives_once_and_in_order(
    autojump_clock: MockClock, tmp_path: Path, nursery: trio.Nursery, start: Start
) -> None:
    tally = await _deliver(tmp_path, nursery, start)
    assert tally.perfect, tally
    assert tally.faults > 5
    assert tally.in_doubt > 3


async def test_without_looking_posts_in_doubt_are_held(
    autojump_clock: MockClock, tmp_path: Path, nursery: trio.Nursery, start: Start
) -> None:
    tally = await _deliver(tmp_path, nursery, start, probing=False)
    assert tally.held == tally.in_doubt > 0
    assert (tally.doubled, tally.lost, tally.out_of_order) == (0, 0, 0)


@pytest.mark.parametrize(
    "fault", ["doubled", "held", "lost", "out_of_order", "during_flood_waits", "copies_left"]
)
def test_a_tally_with_any_fault_is_not_perfect(fault: str) -> None:
    assert Tally(wanted=3, arrived=3).perfect
    faults: dict[str, Any] = {fault: 1}
    assert not replace(Tally(wanted=3, arrived=3), **faults).perfect
    assert not Tally().perfect, "nothing was wanted"
