"""Whole courses of the world drawn from seeds: one seed is one trace, and nothing is wrong at its end."""

import pytest

from simulation.running import run_scenario
from simulation.scenario import Scenario
from simulation.shrinking import shrunk
from tests.simulation.running import start_program

LENGTH_S = 300.0


@pytest.mark.parametrize("seed", [8, 23])
def test_nothing_is_wrong_after_a_scenario(seed: int) -> None:
    outcome = run_scenario(Scenario.drawn(seed, length_s=LENGTH_S), start_program)
    assert outcome.wrongs == ()
    assert any("sendMessage" in line for line in outcome.timeline)


@pytest.mark.parametrize("seed", range(10, 20))
def test_one_seed_is_one_trace(seed: int) -> None:
    scenario = Scenario.drawn(seed, length_s=LENGTH_S / 3)
    first, again = (run_scenario(scenario, start_program) for _ in range(2))
    assert first.wrongs == ()
    assert first.events == again.events
    assert len(first.events) > 100


def test_a_scenario_is_values_and_its_steps_can_be_left_out() -> None:
    assert Scenario.drawn(5) == Scenario.drawn(5)
    assert Scenario.drawn(5) != Scenario.drawn(6)
    assert len(Scenario.drawn(5, length_s=86_400).steps) > len(Scenario.drawn(5).steps)


def test_a_failing_list_is_shrunk_to_what_fails() -> None:
    asked = []

    def fails(items: tuple[int, ...]) -> bool:
        asked.append(items)
        return {7, 31} <= set(items)

    assert shrunk(range(40), fails) == (7, 31)
    assert len(asked) < 60
    assert shrunk((1,), lambda _: True) == ()
