"""`python -m simulation`: runs of the whole program from seeds, `... crashes`: one cut off at every point.

`... serve` is a world to try it in.

A run prints its seed and what was wrong, and exits with 1 if anything was. A failing scenario is shrunk:
steps are left out as long as something is still wrong. One seed is one trace, on one version of the program.
"""

import time
from dataclasses import replace

import click

from simulation.crashing import crashes_command
from simulation.running import Outcome, run_scenario
from simulation.scenario import Scenario
from simulation.serving import serve_world
from simulation.shrinking import shrunk
from simulation.world import TOKEN
from tests.simulation.running import start_program

_DAY_S = 86_400.0


@click.group(invoke_without_command=True)
@click.option("--seed", default=1, show_default=True, help="The first scenario.")
@click.option("--runs", default=1, show_default=True, help="How many scenarios, of the seeds that follow.")
@click.option("--days", type=float, help="Length of a scenario; 20 minutes unless given.")
@click.option("--show", is_flag=True, help="Print the timeline of good runs too.")
@click.option(
    "--shrink/--no-shrink", default=True, help="Look for the fewest steps that still fail; the default."
)
@click.pass_context
def main(ctx: click.Context, seed: int, runs: int, days: float | None, show: bool, shrink: bool) -> None:
    """Run the program through scenarios drawn from seeds, and check what must be true after each."""
    _log_as_the_program_does()
    if ctx.invoked_subcommand is not None:
        return
    failed = []
    for number in range(seed, seed + runs):
        scenario = Scenario.drawn(number) if days is None else Scenario.drawn(number, length_s=days * _DAY_S)
        began_s = time.process_time()
        outcome = run_scenario(scenario, start_program)
        click.echo(f"{outcome.summary} cpu={time.process_time() - began_s:.1f}s")
        if outcome.wrongs:
            failed.append(number)
            _tell(_fewest(scenario, outcome) if shrink else outcome)
        elif show:
            click.echo("\n".join(outcome.timeline))
    click.echo(f"{runs - len(failed)} of {runs} were good" + (f"; failed: {failed}" if failed else ""))
    ctx.exit(1 if failed else 0)


main.add_command(serve_world)
main.add_command(crashes_command(start_program))


def _fewest(scenario: Scenario, outcome: Outcome) -> Outcome:
    """Return the run with the fewest steps of a scenario that goes wrong."""
    click.echo(f"  {len(outcome.wrongs)} wrong, {outcome.wrongs[0][:200]}; looking for the fewest steps")
    steps = shrunk(
        scenario.steps, lambda fewer: bool(run_scenario(replace(scenario, steps=fewer), start_program).wrongs)
    )
    click.echo(f"  {len(steps)} of {len(scenario.steps)} steps are enough")
    return run_scenario(replace(scenario, steps=steps), start_program) if steps != scenario.steps else outcome


def _tell(outcome: Outcome) -> None:
    for line in outcome.timeline:
        click.echo(f"  {line}")
    for wrong in outcome.wrongs:
        click.echo(f"  WRONG: {wrong}")


def _log_as_the_program_does() -> None:
    from cli.logs import set_up

    set_up(level="INFO", style="console", secrets=(TOKEN,))


if __name__ == "__main__":
    main()
