"""What the figures were measured on: a machine's cores and memory, and the versions that matter."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("trio", "httpx", "httptools", "lxml", "selectolax", "can-ada", "isal", "aiogram", "sqlite-utils")


def machine() -> dict[str, str]:
    """Describe this machine; what the system does not tell is left out."""
    told = {
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "processor": _processor(),
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "load before": f"{os.getloadavg()[0]:.1f}",
    }
    return {name: value for name, value in told.items() if value} | {
        name: version(name) for name in _PACKAGES
    }


def _memory() -> str:
    try:
        kib = int(Path("/proc/meminfo").read_text(encoding="ascii").split()[1])
    except OSError:
        return ""
    return f"{kib / 2**20:.0f} GiB"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
