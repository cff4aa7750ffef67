"""`python -m bench.staging`: 1,000 sources and 50 chats for half an hour, and the staging targets.

The real process `python run.py` against a Bot API and sites on loopback. It is asked for `/metrics` and
`/readyz` every 5 s and for `/stats` or `/list` every 10 s, and stopped at the end.
"""

import json
import logging
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import structlog
import trio

from bench.staging import program
from bench.staging.asking import Asker
from bench.staging.scraping import Scraper
from bench.staging.targets import Target, shown, targets
from bench.staging.world import World
from core import VERSION

READY_WITHIN_S = 60.0


async def measure(folder: Path, minutes: float, sources: int, chats: int, seed: int) -> dict[str, Any]:
    """Run the program in its world; everything that was found."""
    world = World(seed)
    async with trio.open_nursery() as nursery:
        await world.open(nursery)
        world.populate(sources, chats)
        subscriptions = await program.watch(world, folder)
        port = program.free_port()
        started_s = time.time()
        async with program.running(program.settings(world, folder, port), folder) as process:
            scraper = Scraper(f"http://127.0.0.1:{port}", process.pid)
            asker = Asker(world)
            nursery.start_soon(scraper.run)
            with trio.fail_after(READY_WITHIN_S):
                while not (scraper.samples and scraper.samples[-1].ready):  # noqa: ASYNC110
                    await trio.sleep(0.1)
            scraper.failed = 0
            nursery.start_soon(asker.run)
            with trio.move_on_after(minutes * 60):
                await process.wait()
            stop_s, code = await program.stop(process)
        checked = await program.check(program.settings(world, folder, port), folder)
        nursery.cancel_scope.cancel()
    found = targets(scraper, asker, world, stop_s=stop_s, code=code)
    return {
        "command": f"python -m bench.staging --minutes {minutes:g} --sources {sources} "
        f"--chats {chats} --seed {seed} --json",
        "started": _moment(started_s),
        "ended": _moment(time.time()),
        "versions": _versions(),
        "sources": sources,
        "failing_sources": len(world.failing),
        "chats": chats,
        "subscriptions": subscriptions,
        "entries_published": world.published(started_s),
        "posts": len(list(world.posts())),
        "polls": len(world.web.requests),
        "pages": len(world.web.page_requests),
        "faults_of_telegram": len(world.api.faults.struck),
        "questions": len(asker.seconds) + asker.unanswered,
        "check": checked,
        "targets": [target.as_json() for target in found],
        "minutes": shown(scraper.samples, started_s),
        "last_metrics": scraper.samples[-1].numbers,
    }


def _moment(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="seconds")


def _versions() -> dict[str, str]:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=program.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "vestnik": VERSION,
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
    }


@click.command()
@click.option("--minutes", default=30.0, show_default=True)
@click.option("--sources", default=1_000, show_default=True)
@click.option("--chats", default=50, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON instead.")
@click.option("--keep", type=click.Path(path_type=Path), help="Leave database and output in this folder.")
def main(minutes: float, sources: int, chats: int, seed: int, as_json: bool, keep: Path | None) -> None:
    """Run, print each target with what came out, and exit with 1 if one is missed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as own:
        folder = keep or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        found = trio.run(measure, folder, minutes, sources, chats, seed)
    if as_json:
        click.echo(json.dumps(found, indent=1))
    else:
        for target in found["targets"]:
            click.echo(Target(**target).line())
    sys.exit(0 if all(target["met"] for target in found["targets"]) else 1)


if __name__ == "__main__":
    main()
