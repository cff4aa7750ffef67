"""Hundreds of sources and thousands of polls: those in good health are on time, and nothing piles up."""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from trio.testing import MockClock

from bench.polls import Plan, quantile, run

_LATENCY_S = 1.0
"""The slowest healthy answer of these sites."""
_GAP_S = 1.0
"""HTTP_HOST_GAP."""


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """Ten thousand commits would be a test of the disk's patience."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as name:
        yield Path(name)


async def test_healthy_sources_are_on_time_and_nothing_piles_up(
    autojump_clock: MockClock, in_memory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)  # kept lines would count as the program's memory
    plan = Plan(sources=300, hosts=120, polls=3_000, sample_every=500)
    found = await run(plan, in_memory)
    assert found.hung > 6, "they are asked again"
    assert found.hung < 100, "and ever less"
    assert found.failed > 15
    assert found.new > 300
    assert len(found.first) == 279, "each healthy source was looked at"
    # Five rounds of 64 slots take all of them in.
    assert max(found.first) < 5 * _LATENCY_S
    assert quantile(found.later, 0.5) < 0.01
    assert quantile(found.later, 0.99) < _LATENCY_S
    assert max(found.later) < 2 * _GAP_S + _LATENCY_S, "two others at most come before it at its host"
    warm = found.samples[2:]
    assert max(each.tasks for each in warm) < 64 + 20
    assert max(each.files for each in warm) <= found.samples[1].files
    assert warm[-1].rss_bytes - warm[0].rss_bytes < 8 * 2**20
