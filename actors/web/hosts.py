"""Which hosts may be asked now: a few requests at once, and a gap between their starts."""

from collections import Counter
from collections.abc import Callable

import trio

_TICK_S = 0.001
"""The shortest pause: one that is lost in rounding would be waited for again and again."""
_LOOK_S = 1.0


class Hosts:
    """What is under way to which host, for all actors of the program together.

    `per_host` fetches go to one host at once, and between the starts of two requests lie `gap_s` seconds.
    """

    def __init__(
        self, *, per_host: int = 2, gap_s: float = 0.0, clock: Callable[[], float] = trio.current_time
    ) -> None:
        self._per_host = per_host
        self._gap_s = gap_s
        self._clock = clock
        self._under_way: Counter[str] = Counter()
        self._next_start_s: dict[str, float] = {}
        """Of hosts asked lately, in the order of time."""

    def busy(self) -> set[str]:
        """Return the hosts that are not to be asked now."""
        self._forget_the_past()
        full = {host for host, count in self._under_way.items() if count >= self._per_host}
        return full | self._next_start_s.keys()

    def next_start_in_s(self) -> float | None:
        """Return after how many seconds the next host is out of its gap; None: no host is in one."""
        self._forget_the_past()
        first = next(iter(self._next_start_s.values()), None)
        return None if first is None else max(_TICK_S, first - self._clock())

    def look_again_in_s(self) -> float:
        """Return when to look again whether a host that was busy is free.

        Of one that others ask nobody says when it is, and a gap may end between a look and the next.
        """
        return self.next_start_in_s() or _LOOK_S

    def begin(self, host: str) -> None:
        """Note that a fetch starts now."""
        self._under_way[host] += 1
        self._start(host)

    def end(self, host: str) -> None:
        """Note that it has ended."""
        self._under_way[host] -= 1
        if self._under_way[host] <= 0:
            del self._under_way[host]

    async def wait_for_turn(self, host: str) -> None:
        """Return when one more request may start within a fetch that is under way; it counts as started."""
        self._forget_the_past()
        while host in self._next_start_s:
            await trio.sleep(max(_TICK_S, self._next_start_s[host] - self._clock()))
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
