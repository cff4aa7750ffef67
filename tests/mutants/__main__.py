"""`python -m tests.mutants`: make each mistake in a copy of the tree; its test fails there and nowhere else.

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
_NOTICED = "noticed"


@click.command()
@click.option("--only", default="", help="Mutants whose names hold this text.")
def main(only: str) -> None:
    """Print each mistake and what became of it; exit with 1 where one goes unnoticed."""
    survivors = []
    sound: dict[str, bool] = {}
    for mutant in MUTANTS:
        if only in mutant.name:
            began_s = time.monotonic()
            if mutant.test not in sound:
                sound[mutant.test] = _passes(mutant.test)
            became = _became(mutant, sound=sound[mutant.test])
            click.echo(f"{became} after {time.monotonic() - began_s:.0f} s: {mutant.name}")
            if became != _NOTICED:
                survivors.append(mutant)
    if not survivors and not only:
        written(ROOT)
    sys.exit(1 if survivors else 0)


def _became(mutant: Mutant, *, sound: bool) -> str:
    """Return what a mistake came to; a test that fails without it as well says nothing about it."""
    if not sound:
        return "FAILS WITHOUT IT"
    return "NOT NOTICED" if _passes(mutant.test, mutant) else _NOTICED


def _passes(test: str, mutant: Mutant | None = None) -> bool:
    """Return whether a test passes in a copy of the tree, with a mistake or as it is.

    Raises:
        click.ClickException: the test cannot run at all.
    """
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=_LEFT_OUT)
        if mutant is not None:
            changed = tree / mutant.file
            changed.write_text(mutant.apply(changed.read_text(encoding="utf-8")), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-x", "--tb=no", *test.split()]
        run = subprocess.run(
            command, cwd=tree, env=os.environ, check=False, timeout=_LONGEST_S, capture_output=True, text=True
        )
    if run.returncode not in (0, 1):
        raise click.ClickException(f"{test}: {run.stdout[-2000:]}{run.stderr[-2000:]}")
    return run.returncode == 0


if __name__ == "__main__":
    main()
