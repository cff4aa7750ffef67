"""Try settings with Hypothesis: `python -m tests.fuzz.run_settings EXAMPLES SEED`."""

import logging
import platform
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings

from tests.fuzz.settings import check, env_files, environments


def main(examples: int, number: int) -> None:
    """Run and print the figures; a property that does not hold is raised with the smallest input."""
    logging.disable()  # the reader of files logs each line that it cannot read
    became: Counter[bool] = Counter()

    @seed(number)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(environments(), env_files())
    def holds(environment: Mapping[str, str], env_file: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            became[check(environment, env_file, Path(folder))] += 1

    print(f"command: python -m tests.fuzz.run_settings {examples} {number}")
    print(f"python: {platform.python_version()}, hypothesis {version('hypothesis')}")
    print("start:", datetime.now(UTC).isoformat(timespec="seconds"), flush=True)
    holds()
    print("end:", datetime.now(UTC).isoformat(timespec="seconds"))
    print(f"inputs: {became.total()}, {became[True]} read and {became[False]} refused in words")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
