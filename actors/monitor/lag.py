"""How long the tasks of the event loop keep each other waiting."""

import time
from collections.abc import Callable

import trio

from core.metrics import Histogram


class LoopLag(trio.abc.Instrument):
    """Measures each round of the loop, from the end of its wait for input to the next such wait.

    Whatever becomes ready in that time is kept waiting for the rest of it.
    """

    def __init__(self, seen: Histogram, clock: Callable[[], float] = time.perf_counter) -> None:
        self._seen = seen
        self._clock = clock
        self._since_s: float | None = None

    def after_io_wait(self, timeout: float) -> None:  # noqa: ARG002 - trio's signature
        self._since_s = self._clock()

    def before_io_wait(self, timeout: float) -> None:  # noqa: ARG002 - trio's signature
        if self._since_s is not None:
            self._seen.observe(self._clock() - self._since_s)
