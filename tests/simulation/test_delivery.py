"""Lost answers, server errors and crashes all along, under Telegram's own limits: every post arrives once."""

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulation.delivery import Plan, Tally, run_delivery
from simulation.invariants import violations
from simulation.world import World
from tests.simulation.running import start_program

PLAN = Plan(chats=10, links=12, crashes=3, feeds=2, fault_rate=0.08)


def _program(world: World) -> AbstractAsyncContextManager[object]:
    return start_program(world, fetch_pages=False, flood_brake=0)


COPIES_OF_COPIES = (170, 215)
"""Seeds in which looking at a copy made one more, of which no answer told."""


@pytest.mark.parametrize("seed", COPIES_OF_COPIES)
def test_every_post_arrives_once_and_in_order(tmp_path: Path, seed: int) -> None:
    world, tally = run_delivery(seed, tmp_path, _program, PLAN)
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
