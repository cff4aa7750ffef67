"""What is under way to which host: none is asked too often, and none that hangs holds up the others."""

from collections import Counter
from collections.abc import Callable

import trio

from core.protocol import DueSource
from store.claims import Room

_SHARE_OF_THE_HUNG = 4


class Traffic:
    """Counts the fetches of one poller.

    At most `concurrency` are under way, `per_host` of them to one host, and a quarter of them to sources
    whose last fetch ended by its deadline; between the starts of two fetches of a host lie `gap_s` seconds.
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
        self._hung_limit = max(1, concurrency // _SHARE_OF_THE_HUNG)
        self._per_host = per_host
        self._gap_s = gap_s
        self._clock = clock
        self._slots = trio.Semaphore(concurrency)
        self._under_way: Counter[str] = Counter()
        self._hung = 0
        self._next_start_s: dict[str, float] = {}
        """Of hosts asked lately, in the order of time."""

    async def wait_for_room(self) -> None:
        """Return when one more fetch may start, to some host."""
        await self._slots.acquire()
        self._slots.release()

    def room(self) -> Room:
        """Return what may start now."""
        self._forget_the_past()
        full = {host for host, count in self._under_way.items() if count >= self._per_host}
        return Room(
            sources=self._slots.value,
            hung=self._hung_limit - self._hung,
            busy_hosts=full | self._next_start_s.keys(),
        )

    def next_start_in_s(self) -> float | None:
        """Return after how many seconds the next host is out of its gap; None: no host is in one."""
        self._forget_the_past()
        first = next(iter(self._next_start_s.values()), None)
        return None if first is None else first - self._clock()

    def begin(self, source: DueSource) -> None:
        """Note that the fetch of a source starts now. There must be room for it."""
        self._slots.acquire_nowait()
        self._under_way[source.host] += 1
        self._hung += source.hung
        self._start(source.host)

    def end(self, source: DueSource) -> None:
        """Note that it has ended."""
        self._slots.release()
        self._hung -= source.hung
        self._under_way[source.host] -= 1
        if not self._under_way[source.host]:
            del self._under_way[source.host]

    async def wait_for_turn(self, host: str) -> None:
        """Return when one more request may start within a fetch that is under way; it counts as started."""
        self._forget_the_past()
        while host in self._next_start_s:
            await trio.sleep(self._next_start_s[host] - self._clock())
            self._forget_the_past()
        self._start(host)

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
