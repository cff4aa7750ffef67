"""A few of the points at which the program can be cut off; `python -m simulation crashes` tries all."""

import pytest

from simulation.crash_points import KINDS, Kind, run_to
from tests.simulation.running import start_program


def test_left_alone_the_scenario_has_points_of_each_kind() -> None:
    run = run_to(start_program)
    assert run.wrongs == []
    assert set(run.points) == set(KINDS)


@pytest.mark.parametrize(("kind", "number"), [("request", 6), ("request", 11), ("reply", 6), ("reply", 11)])
def test_cut_off_at_a_point_everything_still_comes_to_its_end(kind: Kind, number: int) -> None:
    assert run_to(start_program, kind, number).wrongs == []
