"""`python -m tests.mutants`: make each mistake in a copy of the tree; its test must fail there."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.mutants.patches import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "*_cache", "__pycache__", "*.db*")
_LONGEST_S = 300


@click.command()
@click.option("--only", default="", help="Mutants whose names hold this text.")
def main(only: str) -> None:
    """Print a table of mistakes and what became of them; exit with 1 where one goes unnoticed."""
    survivors = 0
    click.echo("| mistake | what would happen | noticed by | after |\n|---|---|---|---|")
    for mutant in MUTANTS:
        if only in mutant.name:
            began_s = time.monotonic()
            noticed = _is_noticed(mutant)
            survivors += not noticed
            by = "`, `".join(mutant.test.split()) if noticed else "**nothing**"
            click.echo(f"| {mutant.name} | {mutant.breaks} | `{by}` | {time.monotonic() - began_s:.0f} s |")
    sys.exit(1 if survivors else 0)


def _is_noticed(mutant: Mutant) -> bool:
    """Return whether the test fails with the mistake; a test that cannot run at all is an error."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
        changed = tree / mutant.file
        changed.write_text(mutant.apply(changed.read_text(encoding="utf-8")), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-x", "--tb=no", *mutant.test.split()]
        run = subprocess.run(
            command, cwd=tree, env=os.environ, check=False, timeout=_LONGEST_S, capture_output=True, text=True
        )
    if run.returncode not in (0, 1):
        raise click.ClickException(f"{mutant.name}: {run.stdout[-2000:]}{run.stderr[-2000:]}")
    return run.returncode == 1


if __name__ == "__main__":
    main()
