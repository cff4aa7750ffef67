"""Trio's private switches for seeded scheduling are still there, and still do it."""

import random

import pytest
import trio
from trio._core import _run

from simulation.scheduling import seeded


async def _trace() -> tuple[tuple[int, int], ...]:
    """Five tasks that take turns as the scheduler likes."""
    turns: list[tuple[int, int]] = []

    async def take_turns(name: int) -> None:
        for turn in range(20):
            turns.append((name, turn))
            await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        for name in range(5):
            nursery.start_soon(take_turns, name)
    return tuple(turns)


def _traced(seed: int) -> tuple[tuple[int, int], ...]:
    with seeded(seed):
        return trio.run(_trace)


def test_a_seed_is_an_order_of_tasks() -> None:
    assert _traced(1) == _traced(1)
    assert _traced(1) != _traced(2), "the seed decides, not the order in which tasks were started"


def test_nothing_of_it_stays_behind() -> None:
    before = vars(_run)["_r"].getstate(), vars(_run)["_ALLOW_DETERMINISTIC_SCHEDULING"]
    _traced(1)
    assert (vars(_run)["_r"].getstate(), vars(_run)["_ALLOW_DETERMINISTIC_SCHEDULING"]) == before


def test_moved_switches_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(_run), "_r", random)
    with pytest.raises(LookupError, match="have moved"), seeded(1):
        pass
