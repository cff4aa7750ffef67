"""`python -m bench.delivery`: 2,000 posts to forty chats, with lost answers, 5xx and crashes all along.

First as the program is, then without looking for posts in doubt, under each ON_UNCERTAIN. The whole program
runs in a simulated world with Telegram's rate limits, on a virtual clock.
"""

import logging
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
import structlog

from simulation.delivery import Plan, run_delivery
from simulation.world import World
from tests.simulation.running import start_program


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--chats", default=40, show_default=True)
@click.option("--links", default=50, show_default=True, help="For each chat.")
@click.option("--crashes", default=20, show_default=True)
@click.option("--only-probing", is_flag=True, help="Leave out the runs without a probe.")
def main(seed: int, chats: int, links: int, crashes: int, only_probing: bool) -> None:
    """Print what arrived in each run."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    plan = Plan(chats=chats, links=links, crashes=crashes)
    runs = {"as it is": partial(_program, probing=True, on_uncertain="ask")}
    if not only_probing:
        for policy in ("ask", "resend", "drop"):
            name = f"without a probe, ON_UNCERTAIN={policy}"
            runs[name] = partial(_program, probing=False, on_uncertain=policy)
    for name, program in runs.items():
        started_s = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            _world, tally = run_delivery(seed, Path(folder), program, plan)
        click.echo(f"{name} ({time.process_time() - started_s:.0f} s of CPU):")
        for label, value in asdict(tally).items():
            click.echo(f"  {label:20} {value:.1f}" if isinstance(value, float) else f"  {label:20} {value}")


def _program(world: World, *, probing: bool, on_uncertain: str) -> AbstractAsyncContextManager[object]:
    first = world.database.name == "life-0.db"  # in which the owner subscribes the chats
    owners = world.settings().owner_ids if probing or first else ()
    return start_program(world, owner_ids=owners, on_uncertain=on_uncertain, fetch_pages=False, flood_brake=0)


if __name__ == "__main__":
    main()
