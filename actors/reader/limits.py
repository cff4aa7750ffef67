"""What the kernel holds the worker to: its memory, its time, and its parent's life."""

import contextlib
import fcntl
import math
import os
import resource
import sys

MEMORY_BYTES = 1_024 * 2**20
CPU_S = 10
_WORN_OUT_BYTES = 256 * 2**20
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1_024


def bound_memory(most_bytes: int = MEMORY_BYTES) -> None:
    """Let this process have no more address space than this, and leave no dump where it dies."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS has the limit, but does not let it be set
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def grant_cpu(seconds: int = CPU_S) -> None:
    """Let this process have so many seconds more, counted from now; then SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def die_with(lifeline: int) -> None:
    """Let SIGIO end this process as soon as the other end of a pipe is closed, whatever it is doing then.

    Linux' own signal for a parent's death comes too early: when the thread ends that started this process.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def is_worn_out() -> bool:
    """Tell whether this process once took so much memory that it is better replaced than kept."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT > _WORN_OUT_BYTES
