"""Looking at a long run once a day: what the program holds, and what the world has seen."""

import gc
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import trio

from simulation.course import PASSWORD, Course
from simulation.evidence import Listening
from simulation.world import TOKEN

_DAY_S = 86_400.0
HEAD = (
    "   day  requests  messages  crashes  memory MiB  objects  tasks  files  sockets  database KiB  log KiB"
    "  cpu s"
)
_PROGRAM = ("actors", "cli", "core", "store", "supervisor")
_SECRETS = (TOKEN.partition(":")[2], PASSWORD)
_LEAST = 6
"""So many days must have been looked at before anything can be said to grow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was seen on one day; memory and sizes of files in KiB, `cpu_s` since the process began.

    Memory has the world's own records in it; `objects` are those of the program's classes alone.
    """

    day: int
    requests: int
    messages: int
    crashes: int
    memory_kib: int
    objects: int
    tasks: int
    files: int
    sockets: int
    database_kib: int
    log_kib: int
    cpu_s: float

    def __str__(self) -> str:
        return (
            f"{self.day:6}{self.requests:10}{self.messages:10}{self.crashes:9}{self.memory_kib / 1024:12.1f}"
            f"{self.objects:9}{self.tasks:7}{self.files:7}{self.sockets:9}{self.database_kib:14}{self.log_kib:9}"
            f"{self.cpu_s:7.0f}"
        )


class Sampler:
    """Looks once a day, tells what it saw, and lets go of records that no check needs."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.samples: list[Sample] = []
        self._tell = tell

    async def run(self, course: Course, heard: Listening) -> None:
        """Look at a course for as long as it lasts."""
        while True:
            await trio.sleep(_DAY_S)
            _let_go(course, heard)
            self.samples.append(_sample(course, len(self.samples) + 1))
            self._tell(str(self.samples[-1]))


def growing(samples: Sequence[Sample]) -> list[str]:
    """Name what has grown: what was in each look of the last third more than in any of the first."""
    third = len(samples) // 3
    if len(samples) < _LEAST:
        return []
    found = []
    for what in ("tasks", "files", "sockets"):
        before = max(getattr(one, what) for one in samples[:third])
        after = min(getattr(one, what) for one in samples[-third:])
        if after > before:
            found.append(f"{what} grow from at most {before} to at least {after}")
    return found


def _let_go(course: Course, heard: Listening) -> None:
    """Drop garbage, calls, and lines of the log that are neither errors nor secrets."""
    course.world.api.calls.clear()
    heard.lines[:] = [
        (level, line)
        for level, line in heard.lines
        if level >= logging.ERROR or any(secret in line for secret in _SECRETS)
    ]
    gc.collect()


def _sample(course: Course, day: int) -> Sample:
    database = course.world.database
    open_files = _open_files()
    return Sample(
        day=day,
        requests=len(course.world.web.requests),
        messages=len(course.world.api.journal),
        crashes=course.crashes,
        memory_kib=_memory_kib(),
        objects=sum(str(type(each).__module__).partition(".")[0] in _PROGRAM for each in gc.get_objects()),
        tasks=trio.lowlevel.current_statistics().tasks_living,
        files=len(open_files),
        sockets=sum(name.startswith("socket:") for name in open_files),
        database_kib=_size_kib(database),
        log_kib=_size_kib(database.with_name(f"{database.name}-wal")),
        cpu_s=time.process_time(),
    )


def _memory_kib() -> int:
    """Return what of this process is in memory (proc_pid_statm(5))."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def _open_files() -> list[str]:
    """Return what the descriptors of this process are (proc_pid_fd(5)), but the one that looks."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except FileNotFoundError:
            continue  # the descriptor of the listing itself
    return found


def _size_kib(path: Path) -> int:
    return path.stat().st_size // 1024 if path.exists() else 0
