"""`python -m bench.delivery`: 2,000 posts to forty chats, with lost answers, 5xx and crashes all along.

First as the program is, then without looking for posts in doubt, under each ON_UNCERTAIN. The whole program
runs in a simulated world with Telegram's rate limits, on a virtual clock.
"""

import logging
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from pathlib import Path

import click
import structlog
import trio
from trio.testing import MockClock

from simulation.delivery import Plan, Tally, deliver
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
    runs: dict[str, dict[str, object]] = {"as it is": {}}
    if not only_probing:
        for policy in ("ask", "resend", "drop"):
            runs[f"without a probe, ON_UNCERTAIN={policy}"] = {"on_uncertain": policy, "probing": False}
    for name, changes in runs.items():
        started_s = time.process_time()
        tally = trio.run(_run, seed, plan, changes, clock=MockClock(autojump_threshold=0.0))
        click.echo(f"{name} ({time.process_time() - started_s:.0f} s of CPU):")
        for label, value in asdict(tally).items():
            click.echo(f"  {label:20} {value:.1f}" if isinstance(value, float) else f"  {label:20} {value}")


async def _run(seed: int, plan: Plan, changes: dict[str, object]) -> Tally:
    probing = changes.pop("probing", True)

    def program(world: World) -> AbstractAsyncContextManager[object]:
        first = world.database.name == "life-0.db"  # in which the owner subscribes the chats
        owners = world.settings().owner_ids if probing or first else ()
        policy = changes.get("on_uncertain", "ask")
        return start_program(world, owner_ids=owners, on_uncertain=policy, fetch_pages=False, flood_brake=0)

    with tempfile.TemporaryDirectory() as folder:
        async with trio.open_nursery() as nursery:
            world = World(seed, Path(folder), nursery=nursery)
            tally = await deliver(world, program, plan)
            nursery.cancel_scope.cancel()
    return tally


if __name__ == "__main__":
    main()
