"""`python -m simulation`: runs of the whole program from seeds, `... crashes`: one cut off at every point.

`... serve` is a world to try it in.

A run prints its seed and what was wrong, and exits with 1 if anything was. A failing scenario is shrunk:
steps are left out as long as something is still wrong. One seed is one trace, on one version of the program.
"""

import gc
import time
from collections.abc import Callable
from pathlib import Path

import click

from simulation.crashing import crashes_command
from simulation.many import Ran, Wanted, moment, run_seeds, summary
from simulation.serving import serve_world
from simulation.soak import soak_command
from simulation.world import TOKEN
from tests.simulation.running import start_program

_DAY_S = 86_400.0
_USUAL_S = 1200.0


@click.group(invoke_without_command=True)
@click.option("--seed", default=1, show_default=True, help="The first scenario.")
@click.option("--runs", default=1, show_default=True, help="How many scenarios, of the seeds that follow.")
@click.option("--days", type=float, help="Length of a scenario; 20 minutes unless given.")
@click.option("--show", is_flag=True, help="Print the timeline of good runs too.")
@click.option(
    "--shrink/--no-shrink", default=True, help="Look for the fewest steps that still fail; the default."
)
@click.option("--jobs", default=1, show_default=True, help="How many processes share the seeds.")
@click.option("--output", type=click.Path(path_type=Path), help="A file for what is printed, too.")
@click.pass_context
def main(
    ctx: click.Context,
    seed: int,
    runs: int,
    days: float | None,
    *,
    show: bool,
    shrink: bool,
    jobs: int,
    output: Path | None,
) -> None:
    """Run the program through scenarios drawn from seeds, and check what must be true after each."""
    if ctx.invoked_subcommand is not None:
        prepare()
        return
    tell, began, began_s = _teller(output), moment(), time.monotonic()
    tell(f"python -m simulation --seed {seed} --runs {runs}" + (f" --days {days}" if days else ""))
    wanted = Wanted(length_s=_USUAL_S if days is None else days * _DAY_S, shrink=shrink, show=show)
    ran: list[Ran] = []
    for one in run_seeds(range(seed, seed + runs), start_program, wanted, prepare=prepare, jobs=jobs):
        ran.append(one)
        tell("\n".join(one.lines))
    tell("\n".join(summary(ran, began=began, wall_s=time.monotonic() - began_s, jobs=jobs)))
    ctx.exit(1 if any(one.wrong for one in ran) else 0)


main.add_command(serve_world)
main.add_command(crashes_command(start_program))
main.add_command(soak_command(start_program))


def prepare() -> None:
    """Log as the program does, and spare the collection before each run all that importing has made."""
    from cli.logs import set_up

    set_up(level="INFO", style="console", secrets=(TOKEN,))
    gc.collect()
    gc.freeze()


def _teller(output: Path | None) -> Callable[[str], None]:
    """Return what prints a text, and appends it to the file if there is one."""

    def tell(text: str) -> None:
        click.echo(text)
        if output is not None:
            with output.open("a", encoding="utf-8") as file:
                file.write(f"{text}\n")

    if output is not None:
        output.write_text("", encoding="utf-8")
    return tell


if __name__ == "__main__":
    main()
