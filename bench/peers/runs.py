"""Runs of a contender as real processes, what the kernel says of them, and the table."""

import math
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers.contenders import Contender
from bench.peers.sites import all_entries, different_links

_TIMED = Path(__file__).with_name("timed.py")
_STARTS = 3
PHASES = ("cold", "unchanged", "5 % changed")
_HEADINGS = (
    "program",
    "start, CPU s",
    *(f"{phase}, CPU s (wall)" for phase in PHASES),
    "2 % hang, s",
    "peak MB",
    "bytes an entry",
    "stored",
    "of these twice",
    "keeps",
)


@dataclass(frozen=True, slots=True)
class Run:
    """One process, from its start to its end."""

    cpu_s: float
    """Its own and its children's."""
    wall_s: float
    peak_bytes: int
    """Of the largest of these processes."""


@dataclass(slots=True, kw_only=True)
class Findings:
    """What a contender has shown, one value a round."""

    name: str
    keeps: str
    reads_json: bool = True
    """It knows JSON Feed; of who does not, less is expected."""
    starts_s: list[float] = field(default_factory=list)
    """CPU of looking at one feed that has not changed."""
    phases: list[list[Run]] = field(default_factory=lambda: [[] for _ in PHASES])
    hanging_s: list[float] = field(default_factory=list)
    """Until all is stored that hosts show which do not hang."""
    stored: int = 0
    disk_bytes: int = 0


def measure(contender: Contender, folder: Path, urls: Sequence[str], port: int, findings: Findings) -> None:
    """Let it go through all phases once, in an empty folder."""
    findings.starts_s += _starts_s(contender, folder / "one", urls[0], port)
    place = prepared(contender, folder / "all", urls)
    for phase in range(len(PHASES)):
        begin(port, phase)
        findings.phases[phase].append(run(contender, place))
        if phase == 0:
            findings.disk_bytes = sum(file.stat().st_size for file in place.iterdir() if file.name != "urls")
            findings.disk_bytes //= max(1, contender.stored(place))
    findings.stored = contender.stored(place)
    shutil.rmtree(folder)


def begin(port: int, phase: int) -> None:
    """Tell the server which phase begins."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}/phase/{phase}").close()


def run(contender: Contender, folder: Path) -> Run:
    """Start it, wait for its end, and ask the kernel.

    Raises:
        RuntimeError: it ended with an error.
    """
    contender.make_due(folder)
    began_s = time.monotonic()
    with (folder.parent / "said").open("w+", encoding="utf-8") as said:
        ended = subprocess.run(
            [sys.executable, "-I", "-S", str(_TIMED), *contender.command],
            check=False,
            cwd=folder,
            env=environment(contender),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        wall_s = time.monotonic() - began_s
        status, cpu_s, peak_kib = ended.stdout.split()
        if int(status):
            said.seek(0)
            raise RuntimeError(f"{contender.name} ended with {status}: {said.read()[-2000:]}")
    return Run(cpu_s=float(cpu_s), wall_s=wall_s, peak_bytes=int(peak_kib) * 1024)


def environment(contender: Contender) -> dict[str, str]:
    """Return its variables. It may keep its bytecode, as an installed program does."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | dict(contender.settings)


def _starts_s(contender: Contender, folder: Path, url: str, port: int) -> list[float]:
    begin(port, 0)
    place = prepared(contender, folder, [url])
    run(contender, place)
    return [run(contender, place).cpu_s for _ in range(_STARTS)]


def prepared(contender: Contender, folder: Path, urls: Sequence[str]) -> Path:
    """Make a folder in which it knows of its feeds."""
    folder.mkdir(parents=True)
    (folder / "urls").write_text("".join(f"{url}\n" for url in urls), encoding="ascii")
    contender.prepare(folder)
    return folder


def table(found: Sequence[Findings], feeds: int) -> str:
    """Write the results in Markdown; CPU without the start, which has a column of its own."""
    rows = [_HEADINGS, ("---",) * len(_HEADINGS), *(cells_of(findings, feeds) for findings in found)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def cells_of(findings: Findings, feeds: int) -> tuple[str, ...]:
    """Put a contender's medians into words, one for each heading."""
    start_s = statistics.median(findings.starts_s)
    peak_mb = max(run.peak_bytes for runs in findings.phases for run in runs) / 1e6
    shown = feeds, len(PHASES) - 1
    links = different_links(*shown, with_json=findings.reads_json)
    entries = all_entries(*shown, with_json=findings.reads_json)
    return (
        findings.name,
        f"{start_s:.2f}",
        *(_phase(runs, start_s) for runs in findings.phases),
        _seconds(findings.hanging_s),
        f"{peak_mb:.0f}",
        f"{findings.disk_bytes:,}",
        f"{findings.stored:,}{_short_of(findings.stored, links, entries)}",
        f"{max(0, findings.stored - links):,}",
        findings.keeps if findings.reads_json else f"{findings.keeps}; no JSON Feed",
    )


def _phase(runs: Sequence[Run], start_s: float) -> str:
    cpu_s = statistics.median(run.cpu_s for run in runs) - start_s
    wall_s = statistics.median(run.wall_s for run in runs)
    return f"{max(0.0, cpu_s):.2f} ({wall_s:.1f})"


def _seconds(values: Sequence[float]) -> str:
    middle_s = statistics.median(values) if values else math.nan
    return "not measured" if math.isnan(middle_s) else "never" if math.isinf(middle_s) else f"{middle_s:.1f}"


def _cpu_s(findings: Findings, phase: int) -> float:
    return statistics.median(run.cpu_s for run in findings.phases[phase]) - statistics.median(
        findings.starts_s
    )


def beside(ours: Findings, floor: Findings) -> str:
    """Say how many times as much one takes as another, without the start of each."""
    times = [_cpu_s(ours, phase) / _cpu_s(floor, phase) for phase in range(len(PHASES))]
    cpu = ", ".join(f"{name} {ratio:.1f}" for name, ratio in zip(PHASES, times, strict=True))
    waits = statistics.median(ours.hanging_s) / statistics.median(floor.hanging_s)
    return (
        f"CPU of {ours.name} without the start, in times that of the {floor.name}: {cpu}; time until all of "
        f"the others is stored where 2 % hang: {waits:.1f}."
    )


def _short_of(stored: int, links: int, entries: int) -> str:
    """Say how many entries are missing, for whoever keeps each entry and for whoever keeps each link."""
    if stored in {links, entries}:
        return ""
    return f" ({links - stored:,} missing)" if stored < links else f" (of {entries:,})"
