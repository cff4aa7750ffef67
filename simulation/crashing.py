"""`python -m simulation crashes`: the base scenario, cut off at every point of every kind."""

import time
from collections.abc import Sequence

import click

from simulation.course import Program
from simulation.crash_points import KINDS, Kind, run_to


def crashes_command(program: Program) -> click.Command:
    """Return the command that tries all points with a program."""

    @click.command(name="crashes")
    @click.option(
        "--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="Only points of these kinds."
    )
    @click.option("--every", default=1, show_default=True, help="Try each N-th point only.")
    @click.pass_context
    def crashes(ctx: click.Context, kinds: Sequence[Kind], every: int) -> None:
        """Cut the program off at every commit, message, request and reply of a base scenario."""
        found = run_to(program)
        failed = len(found.wrongs)
        _tell("without a crash", found.wrongs)
        for kind in kinds or KINDS:
            began_s, bad = time.process_time(), 0
            numbers = range(1, found.points[kind] + 1, every)
            for number in numbers:
                wrongs = run_to(program, kind, number).wrongs
                bad += bool(wrongs)
                _tell(f"{kind} {number}", wrongs)
            failed += bad
            cpu_s = time.process_time() - began_s
            click.echo(f"{kind}: {len(numbers) - bad} of {len(numbers)} points were good, cpu={cpu_s:.1f}s")
        ctx.exit(1 if failed else 0)

    return crashes


def _tell(where: str, wrongs: Sequence[str]) -> None:
    for wrong in wrongs:
        click.echo(f"  WRONG at {where}: {wrong}")
