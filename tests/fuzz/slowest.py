"""How long inputs take: counted for all, kept for the worst."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Timed:
    """A target, its inputs counted and timed in seconds of this process's processor time.

    An input above `limit_s` is a failure, as a wrong answer is.
    """

    target: Callable[[bytes], None]
    limit_s: float
    says_at_s: float | None = None
    """Print an input that takes longer, and again one that takes half as long again; None: never."""
    inputs: int = 0
    largest_bytes: int = 0
    total_s: float = 0.0
    worst_s: float = 0.0
    worst: bytes = field(default=b"", repr=False)

    def __call__(self, data: bytes) -> None:
        start_s = time.process_time()
        self.target(data)
        took_s = time.process_time() - start_s
        self.inputs += 1
        self.total_s += took_s
        self.largest_bytes = max(self.largest_bytes, len(data))
        if took_s > self.worst_s:
            self.worst_s, self.worst = took_s, data
            if self.says_at_s is not None and took_s >= self.says_at_s:
                self.says_at_s = took_s * 1.5
                print(self.worst_of_all(), flush=True)
        assert took_s <= self.limit_s, f"{took_s:.2f} s for {len(data)} bytes"

    def report(self) -> None:
        """Print the figures, in a form that names no machine."""
        print(f"inputs: {self.inputs}, the largest of {self.largest_bytes} bytes")
        print(f"processor time: {self.total_s:.1f} s, {self.total_s / max(self.inputs, 1) * 1e6:.0f} us each")
        print(self.worst_of_all(), flush=True)

    def worst_of_all(self) -> str:
        """Say which input took the longest."""
        digest = hashlib.sha256(self.worst).hexdigest()[:16]
        return f"slowest: {self.worst_s * 1000:.1f} ms, {len(self.worst)} bytes, sha256 {digest}"
