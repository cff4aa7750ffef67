"""`python -m tests.mutants`: make each mistake in a copy of the tree; its test must fail there.

A run of all of them that finds each noticed writes the table in docs/guarantees.md.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.mutants.patches import MUTANTS, Mutant
from tests.mutants.table import written

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "*_cache", "__pycache__", "*.db*")
_LONGEST_S = 300


@click.command()
@click.option("--only", default="", help="Mutants whose names hold this text.")
def main(only: str) -> None:
    """Print each mistake and what became of it; exit with 1 where one goes unnoticed."""
    survivors = []
    for mutant in MUTANTS:
        if only in mutant.name:
            began_s = time.monotonic()
            noticed = _is_noticed(mutant)
            became = "noticed" if noticed else "NOT NOTICED"
            click.echo(f"{became} after {time.monotonic() - began_s:.0f} s: {mutant.name}")
            if not noticed:
                survivors.append(mutant)
    if not survivors and not only:
        written(ROOT)
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
