"""What is under way to which host: none is asked too often, and none that hangs holds up the others."""

from collections import Counter
from collections.abc import Callable

import trio

from core.protocol import DueSource, SourceId
from store.claims import Room

_SLOW_S = 2.0
_SLOW_SHARE = 2
_HUNG_SHARE = 4


class Traffic:
    """Counts the fetches of one poller.

    At most `concurrency` are under way; one that takes longer than two seconds does not count any more,
    so long as no more than twice as many are so slow. A quarter may be of sources whose last fetch ended by
    its deadline. `per_host` go to one host, and between the starts of two of them lie `gap_s` seconds.
    """

    def __init__(
        self,
        *,
        concurrency: int,
        per_host: int,
        gap_s: float,
        clock: Callable[[], float] = trio.current_time,
    ) -> None:
        self._concurrency = concurrency
        self._most_slow = _SLOW_SHARE * concurrency
        self._most_hung = max(1, concurrency // _HUNG_SHARE)
        self._per_host = per_host
        self._gap_s = gap_s
        self._clock = clock
        self._started_s: dict[SourceId, float] = {}
        """Of each fetch under way, in the order of time."""
        self._ended = trio.Event()
        self._under_way: Counter[str] = Counter()
        self._hung = 0
        self._next_start_s: dict[str, float] = {}
        """Of hosts asked lately, in the order of time."""

    async def wait_for_room(self) -> None:
        """Return when one more fetch may start, to some host."""
        await trio.lowlevel.checkpoint()
        while self._free() <= 0:
            with trio.move_on_after(self._slower_in_s()):
                await self._ended.wait()

    def room(self) -> Room:
        """Return what may start now."""
        self._forget_the_past()
        full = {host for host, count in self._under_way.items() if count >= self._per_host}
        return Room(
            sources=self._free(),
            hung=self._most_hung - self._hung,
            busy_hosts=full | self._next_start_s.keys(),
        )

    def next_start_in_s(self) -> float | None:
        """Return after how many seconds the next host is out of its gap; None: no host is in one."""
        self._forget_the_past()
        first = next(iter(self._next_start_s.values()), None)
        return None if first is None else first - self._clock()

    def begin(self, source: DueSource) -> None:
        """Note that the fetch of a source starts now. There must be room for it."""
        self._started_s[source.source_id] = self._clock()
        self._under_way[source.host] += 1
        self._hung += source.hung
        self._start(source.host)

    def end(self, source: DueSource) -> None:
        """Note that it has ended."""
        self._started_s.pop(source.source_id, None)
        self._hung -= source.hung
        self._under_way[source.host] -= 1
        if not self._under_way[source.host]:
            del self._under_way[source.host]
        self._ended.set()
        self._ended = trio.Event()

    async def wait_for_turn(self, host: str) -> None:
        """Return when one more request may start within a fetch that is under way; it counts as started."""
        self._forget_the_past()
        while host in self._next_start_s:
            await trio.sleep(self._next_start_s[host] - self._clock())
            self._forget_the_past()
        self._start(host)

    def _free(self) -> int:
        return self._concurrency - (len(self._started_s) - min(self._slow(), self._most_slow))

    def _slow(self) -> int:
        count = 0
        since_s = self._clock() - _SLOW_S
        for started_s in self._started_s.values():
            if started_s > since_s:
                break
            count += 1
        return count

    def _slower_in_s(self) -> float:
        """Return after how many seconds one fetch more will be slow, and that makes room; else infinity."""
        slow = self._slow()
        if slow >= self._most_slow:
            return float("inf")
        return list(self._started_s.values())[slow] + _SLOW_S - self._clock()

    def _start(self, host: str) -> None:
        if self._gap_s > 0:
            self._next_start_s.pop(host, None)
            self._next_start_s[host] = self._clock() + self._gap_s

    def _forget_the_past(self) -> None:
        now_s = self._clock()
        while self._next_start_s:
            host, start_s = next(iter(self._next_start_s.items()))
            if start_s > now_s:
                return
            del self._next_start_s[host]
