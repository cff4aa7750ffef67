"""Do odd things in the chat: `python -m tests.fuzz.run_chat FIRST_SEED RUNS ACTIONS`.

Prints what should not be, with the last things done before the end of its run.
"""

import platform
import sys
import tempfile
import time
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

from cli.logs import set_up
from simulation.world import World
from tests.fuzz.chat import fuzz_chat
from tests.simulation.running import start_program


def _program(world: World) -> AbstractAsyncContextManager[object]:
    return start_program(world)


def main(first: int, runs: int, actions: int) -> int:
    """Run the seeds one after the other; return how many went wrong."""
    print(f"command: python -m tests.fuzz.run_chat {first} {runs} {actions}")
    print(f"python: {platform.python_version()}")
    print("start:", datetime.now(UTC).isoformat(timespec="seconds"), flush=True)
    set_up(level="INFO", style="json", secrets=())
    failed = 0
    for seed in range(first, first + runs):
        with tempfile.TemporaryDirectory() as folder:
            wrong = fuzz_chat(seed, actions, Path(folder), _program)
        failed += bool(wrong)
        for one in wrong:
            print(f"seed {seed}: {one}", flush=True)
    print("end:", datetime.now(UTC).isoformat(timespec="seconds"))
    print(f"{runs} runs of {actions} actions and {actions // 2} of strangers, {failed} went wrong", end=", ")
    print(f"{time.process_time():.0f} s of CPU")
    return failed


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])) > 0)
