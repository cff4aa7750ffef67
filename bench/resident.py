"""`python -m bench.resident`: resident memory of the process with 10,000 idle sources, and with 10 (P11).

Each round starts `run.py` on a database whose sources are due in days, beside a simulated Telegram, and looks
at it when it says that it is ready and some seconds have passed. The CPU of its start is told as well.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from bench.publishing import TOKEN, telegram_at
from bench.results import Result
from bench.rounds import Found, in_turn, show_ratio, show_seconds
from core.protocol import Place
from store import adding
from store.connection import open_for_writing
from store.migrations import migrate

_ROOT = Path(__file__).resolve().parents[1]
_FEW, _MANY = 10, 10_000
_DAYS_MS = 5 * 86_400_000
_LONGEST_START_S = 60.0
_SETTLES_S = 3.0
_PORT = 18_977


@dataclass(frozen=True, slots=True)
class Seen:
    """A process as the kernel shows it."""

    resident_bytes: float
    cpu_s: float
    ready_s: float
    """From its start to the first time it called itself ready."""


def prepare(database: Path, count: int) -> None:
    """Make a database of so many sources, none of which is due for days."""
    now_ms = time.time_ns() // 1_000_000
    db = open_for_writing(database)
    migrate(db, database, now_ms=now_ms)
    with db.atomic():
        for number in range(count):
            url = f"https://host{number}.example/feed.xml"
            wish = adding.Wish(place=Place(chat_id=-1 - number % 10), kind="feed", url=url, backlog="none")
            adding.add(db, wish, now_ms=now_ms)
        db.execute("UPDATE sources SET next_check_ms = ?", (now_ms + _DAYS_MS,))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def look(prepared: Path, telegram: str, *, settles_s: float = _SETTLES_S) -> Seen:
    """Start the program on a copy of a database, let it settle, look at it, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(prepared, Path(folder) / "bot.db")
        started_s = time.monotonic()
        with _running(Path(folder), telegram) as process:
            _wait_until_ready()
            ready_s = time.monotonic() - started_s
            cpu_s = cpu_of(process.pid)
            time.sleep(settles_s)
            return Seen(resident_bytes=resident_of(process.pid), cpu_s=cpu_s, ready_s=ready_s)


@contextmanager
def _running(folder: Path, telegram: str) -> Iterator["subprocess.Popen[bytes]"]:
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": telegram,
        "OWNER_IDS": "1",
        "DATABASE_URL": "sqlite:///bot.db",
        "MONITOR_ADDRESS": f"127.0.0.1:{_PORT}",
        "BACKUP_EVERY": "0",
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, str(_ROOT / "run.py"), "run"]
    with subprocess.Popen(
        command, cwd=folder, env=os.environ | settings, stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _wait_until_ready() -> None:
    until_s = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < until_s:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise TimeoutError("the program did not become ready")


def resident_of(pid: int) -> float:
    """Return the resident memory of a process and its children, in bytes, as Linux shows it."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        except OSError:
            continue
        if int(fields["Pid"]) == pid or int(fields["PPid"]) == pid:
            total += int(fields.get("VmRSS", "0 kB").split()[0]) * 1024
    return float(total)


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process, its own and the kernel's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(rounds: int, few: int, many: int) -> tuple[Found, Found]:
    """Let both take turns; return their memory in bytes, and CPU seconds of their starts."""
    memory: Found = {}
    starts: Found = {}
    with tempfile.TemporaryDirectory() as folder, telegram_at() as telegram:
        databases = {f"{count} sources": Path(folder) / f"{count}.db" for count in (few, many)}
        for count, database in zip((few, many), databases.values(), strict=True):
            prepare(database, count)
        for counts, name in in_turn(list(databases), rounds):
            seen = look(databases[name], telegram)
            if counts:
                memory.setdefault(name, []).append(seen.resident_bytes)
                starts.setdefault(name, []).append(seen.cpu_s)
    return memory, starts


def results(rounds: int, *, quick: bool = False) -> list[Result]:
    """P11."""
    many = 10 * _FEW if quick else _MANY
    memory, starts = measure(rounds, _FEW, many)
    start_s = statistics.median(starts[f"{many} sources"])
    note = f"the process is ready after {start_s:.1f} s of CPU with {many:,} sources"
    ours, reference = memory[f"{many} sources"], memory[f"{_FEW} sources"]
    return [Result(name="P11", ours=ours, reference=reference, unit="MB", note=note)]


@click.command()
@click.option("--rounds", default=7, show_default=True)
@click.option("--few", default=_FEW, show_default=True)
@click.option("--many", default=_MANY, show_default=True)
def main(rounds: int, few: int, many: int) -> None:
    """Measure, and print what came out."""
    memory, starts = measure(rounds, few, many)
    print(f"{rounds} starts each; resident memory")
    for name, values in memory.items():
        low, middle, high = (value / 1e6 for value in (min(values), statistics.median(values), max(values)))
        print(f"  {name:34} {middle:7.1f} MB  ({low:.1f} to {high:.1f})")
    show_ratio("P11 many / few (1.4)", memory[f"{many} sources"], memory[f"{few} sources"])
    print("CPU until it is ready")
    show_seconds(starts, unit="ms")


if __name__ == "__main__":
    main()
