"""How many fetches of an actor are under way; those that hang hold up nobody else."""

from collections.abc import Callable

import trio

_SLOW_S = 2.0
_SLOW_SHARE = 2
_HUNG_SHARE = 4
_TICK_S = 0.001


class Traffic:
    """Counts the fetches of one actor, each under a key of its own.

    At most `concurrency` are under way; one that takes longer than two seconds does not count any more,
    so long as no more than twice as many are so slow. A quarter may be of sources whose last fetch ended by
    its deadline.
    """

    def __init__(self, *, concurrency: int, clock: Callable[[], float] = trio.current_time) -> None:
        self._concurrency = concurrency
        self._most_slow = _SLOW_SHARE * concurrency
        self._most_hung = max(1, concurrency // _HUNG_SHARE)
        self._clock = clock
        self._started_s: dict[int, float] = {}
        """Of each fetch under way, in the order of time."""
        self._hung: set[int] = set()
        self._ended = trio.Event()

    async def wait_for_room(self) -> None:
        """Return when one more fetch may start."""
        await trio.lowlevel.checkpoint()
        while self.free() <= 0:
            with trio.move_on_after(self._slower_in_s()):
                await self._ended.wait()

    def free(self) -> int:
        """Return how many fetches may start now."""
        return self._concurrency - (len(self._started_s) - min(self._slow(), self._most_slow))

    def free_for_hung(self) -> int:
        """Return how many of them may be of sources that hung before."""
        return self._most_hung - len(self._hung)

    def begin(self, key: int, *, hung: bool = False) -> None:
        """Note that a fetch starts now. There must be room for it."""
        self._started_s[key] = self._clock()
        if hung:
            self._hung.add(key)

    def end(self, key: int) -> None:
        """Note that it has ended."""
        self._started_s.pop(key, None)
        self._hung.discard(key)
        self._ended.set()
        self._ended = trio.Event()

    def _slow(self) -> int:
        count = 0
        now_s = self._clock()
        for started_s in self._started_s.values():
            if started_s + _SLOW_S > now_s:
                break
            count += 1
        return count

    def _slower_in_s(self) -> float:
        """Return after how many seconds one fetch more will be slow, and that makes room; else infinity."""
        slow = self._slow()
        if slow >= self._most_slow:
            return float("inf")
        # Never less than a tick: a pause that is lost in rounding would be waited for again and again.
        return max(_TICK_S, list(self._started_s.values())[slow] + _SLOW_S - self._clock())
