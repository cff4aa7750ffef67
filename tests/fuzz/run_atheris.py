"""Fuzz one target under atheris: `python -m tests.fuzz.run_atheris TARGET SECONDS SEED [FOLDER]`.

FOLDER keeps what was found to be interesting, so that another run goes on from there. It starts with the
fixtures of tests/kinds and tests/agreement. An input that breaks a property is written to a file beside it.
"""

import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_TESTS = Path(__file__).parents[1]
_LIMIT_S = 5.0  # of an instrumented process: ten times slower than a bare one
_WORTH_SAYING_S = 0.05
_LONGEST_BYTES = 16_384
_PACKAGES = ("atheris", "lxml", "selectolax", "can-ada", "httptools", "jsonpath-rfc9535", "trio", "httpx")


def main(name: str, seconds: int, seed: int, folder: Path) -> None:
    """Prepare the folder and run the fuzzer in a process of its own: it never returns from there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in (*_TESTS.glob("kinds/*/*"), *_TESTS.glob("agreement/documents/*/*")):
        if path.suffix != ".md" and not path.name.endswith(".expected.json"):
            (folder / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
    for path in (_TESTS / "fuzz" / "seeds" / name).glob("*"):
        (folder / path.name).write_bytes(path.read_bytes())
    options = [f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={_LONGEST_BYTES}", "-timeout=20"]
    options += [
        f"-dict={Path('tests/fuzz/tokens.dict')}",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        f"-artifact_prefix={folder}-",
    ]
    command = [sys.executable, "-m", "tests.fuzz.run_atheris", "--inside", name, str(folder), *options]
    print("command:", "python", *command[1:])
    print("python:", platform.python_version(), platform.machine())
    print("packages:", ", ".join(f"{each} {version(each)}" for each in _PACKAGES))
    print("start:", datetime.now(UTC).isoformat(timespec="seconds"), flush=True)
    status = subprocess.run(command, check=False, stderr=subprocess.STDOUT).returncode
    print("end:", datetime.now(UTC).isoformat(timespec="seconds"), "exit status:", status)


def inside(name: str, arguments: list[str]) -> None:
    """Be the fuzzer."""
    import atheris

    with atheris.instrument_imports(include=["core", "actors.web", "tests.fuzz"]):
        from tests.fuzz.properties import TARGETS
        from tests.fuzz.slowest import Timed
    # The fuzzer ends the process without a farewell, so slow inputs are told as they come.
    timed = Timed(TARGETS[name], _LIMIT_S, says_at_s=_WORTH_SAYING_S)
    atheris.Setup([sys.argv[0], *arguments], timed)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        inside(sys.argv[2], sys.argv[3:])
    else:
        work = Path(sys.argv[4]) if len(sys.argv) > 4 else Path("fuzzed") / sys.argv[1]
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), work)
