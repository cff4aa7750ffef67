"""Asking the database for what the monitor shows, no more often than it can bear."""

import trio

from actors.context import Context
from actors.monitor.exposition import Gauges
from store import reads_monitor
from store.reads_monitor import Monitored, Settled

_REST = 100
"""What took time to count is counted again after a hundred times as long: that is a hundredth of all time."""


class Reading:
    """Reads what waits each time, and what is settled the less often the more there is of it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._settled = Settled(rows={}, duplicates=0)
        self._again_s = -1.0

    async def read(self) -> tuple[Monitored, Settled]:
        """Return what waits now, and what was settled a while ago."""
        store = self._ctx.store
        started_s = trio.current_time()
        if started_s >= self._again_s:
            self._settled = await store.read(reads_monitor.settled)
            now_s = trio.current_time()
            self._again_s = now_s + _REST * (now_s - started_s)
        return await store.read(reads_monitor.monitored), self._settled


def gauges(now: Monitored, settled: Settled, *, now_ms: int) -> Gauges:
    """Return the numbers of the database under their names."""
    oldest_ms = now.oldest_pending_ms
    return {
        "queue_links": {**now.waiting, **settled.rows},
        "oldest_pending_seconds": {"": 0.0 if oldest_ms is None else max(0.0, (now_ms - oldest_ms) / 1000)},
        "sources": now.sources,
        "duplicates": {"": settled.duplicates},
    }
