"""`python -m bench.child MODULE FUNCTION ROUNDS FILE [quick]`: one measurement in a process of its own.

What it returns goes into the file, as JSON.
"""

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench.measures import Measure
from bench.results import Line, Result, line_of

_ROOT = Path(__file__).resolve().parents[1]
_LAST_CHARACTERS = 3_000


def run(measure: Measure, *, rounds: int | None, quick: bool) -> list[Line]:
    """Run a measurement in a child and judge what it found.

    Raises:
        RuntimeError: it failed; with the end of what it has said.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        arguments = [measure.module, measure.function, str(rounds or measure.rounds), str(found)]
        command = [sys.executable, "-m", "bench.child", *arguments, *(["quick"] if quick else [])]
        before = os.getloadavg()[0]
        with (Path(folder) / "said").open("w+", encoding="utf-8") as said:
            ended = subprocess.run(command, check=False, cwd=_ROOT, stdout=said, stderr=subprocess.STDOUT)
            said.seek(0)
            if ended.returncode:
                raise RuntimeError(f"{measure.module} failed:\n{said.read()[-_LAST_CHARACTERS:]}")
        load = max(before, os.getloadavg()[0])
        return [line_of(Result(**values), load) for values in json.loads(found.read_text(encoding="utf-8"))]


def main(module: str, function: str, rounds: str, found: str, quick: str = "") -> None:
    """Measure, and write what came out."""
    results = getattr(import_module(module), function)(int(rounds), quick=bool(quick))
    Path(found).write_text(json.dumps([dataclasses.asdict(result) for result in results]), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
