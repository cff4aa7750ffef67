"""What the program says of itself while it runs, and what the system says of its process."""

import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import trio
from prometheus_client.parser import text_string_to_metric_families

SCRAPE_EVERY_S = 5.0
READY = 200
_SCRAPE_TIMEOUT_S = 10.0

Numbers = dict[str, float]
"""Name of a sample, with its labels in braces, -> value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look: epoch seconds, the status of `/readyz` (0: no answer) and what it said, and `/metrics`."""

    at_s: float
    ready: int
    said: str
    numbers: Numbers
    family_bytes: float
    """Resident memory of the process and of those it started."""


@dataclass(slots=True)
class Scraper:
    """Looks every few seconds, for ever.

    Args:
        base: Where the monitor answers.
        pid: The program's process.
    """

    base: str
    pid: int
    samples: list[Sample] = field(default_factory=list)
    failed: int = 0

    async def run(self) -> None:
        """Look until cancelled."""
        async with httpx.AsyncClient(trust_env=False, timeout=_SCRAPE_TIMEOUT_S) as client:
            next_s = trio.current_time()
            while True:
                await self._look(client)
                next_s += SCRAPE_EVERY_S
                await trio.sleep(max(0.0, next_s - trio.current_time()))

    async def _look(self, client: httpx.AsyncClient) -> None:
        try:
            self.samples.append(await look(client, self.base, self.pid))
        except httpx.TransportError:
            self.failed += 1


async def look(client: httpx.AsyncClient, base: str, pid: int) -> Sample:
    """Look once at a process whose monitor answers at `base`.

    Raises:
        httpx.TransportError: it does not answer.
    """
    at_s = time.time()
    ready = await client.get(f"{base}/readyz")
    metrics = await client.get(f"{base}/metrics")
    numbers = {
        _name(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(metrics.text)
        for sample in family.samples
    }
    return Sample(
        at_s=at_s,
        ready=ready.status_code,
        said=ready.text.strip(),
        numbers=numbers,
        family_bytes=family_bytes(pid),
    )


def _name(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name


def family_bytes(pid: int) -> float:
    """Return the resident memory of a process and of the processes it started."""
    total = 0.0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text()
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
        total += sum(
            float(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")
        )
    return total


def quantile(numbers: Numbers, histogram: str, share: float) -> float:
    """Return the bound under which at least this share of a histogram's observations lie; inf above all."""
    buckets = sorted(
        (float(name.partition("le=")[2].rstrip("}")), value)
        for name, value in numbers.items()
        if name.startswith(f"{histogram}_bucket{{")
    )
    total = numbers.get(f"{histogram}_count", 0.0)
    return next((bound for bound, below in buckets if total and below >= share * total), math.inf)


def total(numbers: Numbers, name: str) -> float:
    """Return the sum of a metric over its labels."""
    return sum(value for key, value in numbers.items() if key == name or key.startswith(f"{name}{{"))
