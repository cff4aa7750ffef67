"""The same warning over and over is written a few times a minute, then counted."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

_BURST = 10
_WINDOW_S = 60.0
_MOST_KINDS = 1_000
_TELLING = ("error", "actor", "request", "hint")
"""What tells two warnings with the same name apart."""


@dataclass(slots=True)
class _Kind:
    since_s: float
    written: int = 0
    left_out: int = 0


class Repeats(logging.Filter):
    """Lets pass a few lines of one kind in a minute; the next one after it says how many were left out.

    Only warnings and what is worse: what the program does all the time is its record, and stays whole.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[object, ...], _Kind] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        with self._lock:
            return self._passes(record)

    def _passes(self, record: logging.LogRecord) -> bool:
        now_s = self._clock()
        key = _kind_of(record)
        kind = self._kinds.get(key)
        if kind is None or now_s - kind.since_s >= _WINDOW_S:
            if kind is not None and kind.left_out:
                _tell(record, kind.left_out)
            if len(self._kinds) >= _MOST_KINDS:
                self._kinds.clear()
            kind = self._kinds[key] = _Kind(since_s=now_s)
        if kind.written >= _BURST:
            kind.left_out += 1
            return False
        kind.written += 1
        return True


def _kind_of(record: logging.LogRecord) -> tuple[object, ...]:
    said: object = record.msg
    if isinstance(said, dict):
        return (record.name, record.levelno, said.get("event"), *(str(said.get(name)) for name in _TELLING))
    return (record.name, record.levelno, said)


def _tell(record: logging.LogRecord, left_out: int) -> None:
    said: object = record.msg
    if isinstance(said, dict):
        record.msg = {**said, "left_out_before": left_out}
    else:
        record.msg = f"{said} (left out before: {left_out})"
