"""A few of the points at which the program can be cut off; `python -m simulation crashes` tries all."""

import pytest

from simulation.crash_points import Kind, run_to
from tests.simulation.running import start_program


@pytest.mark.parametrize(("kind", "number"), [("request", 6), ("request", 11), ("reply", 6), ("reply", 11)])
def test_cut_off_at_a_point_everything_still_comes_to_its_end(kind: Kind, number: int) -> None:
    run = run_to(start_program, kind, number)
    assert run.wrongs == []
    assert run.points[kind] == number
