"""What a run counts about itself: plain numbers that actors raise, and whoever shows them reads.

Names and labels are those under which a monitor shows them, with the prefix `vestnik_`.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.protocol import ChatMoved, Deferred, NotSent, PictureRefused, PlaceSuspended, SendOutcome, Sent
from core.protocol import Rejected as Refused

_QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_FETCH_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)
_WAY_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0)
_REQUESTS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class Counter:
    """Numbers that only grow, one for each label; labels that are `known` show from the start."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        self.values: dict[str, float] = dict.fromkeys(known, 0.0)

    def add(self, label: str = "", amount: float = 1.0) -> None:
        """Raise the number of one label."""
        self.values[label] = self.values.get(label, 0.0) + amount

    def total(self) -> float:
        """Return the sum over all labels."""
        return sum(self.values.values())


class Histogram:
    """How many observations fell under each bound, and their sum."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        """One for each bound, not cumulative, and one for what is above them all."""
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Count one observation; a bound belongs to what is under it."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def count(self) -> int:
        """Return how many observations there were."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Metrics:
    """All counters of one run. They start at zero with it and are kept nowhere."""

    polls_total: Counter = field(default_factory=lambda: Counter(("ok", "not_modified", "failed", "gone")))
    poll_seconds: Histogram = field(default_factory=lambda: Histogram(_FETCH_S))
    links_total: Counter = field(default_factory=lambda: Counter(("new", "duplicate", "filtered", "held")))
    pages_total: Counter = field(default_factory=lambda: Counter(("ok",)))
    sends_total: Counter = field(
        default_factory=lambda: Counter(("sent", "deferred", "uncertain", "dead", "suspended"))
    )
    seen_to_posted_seconds: Histogram = field(default_factory=lambda: Histogram(_WAY_S))
    flood_wait_seconds_total: Counter = field(default_factory=lambda: Counter(("",)))
    db_write_seconds: Histogram = field(default_factory=lambda: Histogram(_QUICK_S))
    db_read_seconds: Histogram = field(default_factory=lambda: Histogram(_QUICK_S))
    db_batch_requests: Histogram = field(default_factory=lambda: Histogram(_REQUESTS))
    event_loop_lag_seconds: Histogram = field(default_factory=lambda: Histogram(_QUICK_S))
    answer_seconds: Histogram = field(default_factory=lambda: Histogram(_QUICK_S))
    actor_restarts_total: Counter = field(default_factory=Counter)


COUNTERS = {
    "polls_total": ("Polls of sources, by how they ended.", "result"),
    "links_total": ("Links that polls showed for the first time at their source.", "result"),
    "pages_total": ("Pages of new links that were read, by how that ended.", "result"),
    "sends_total": ("Posts that were tried, by how that ended.", "result"),
    "flood_wait_seconds_total": ("Seconds for which Telegram asked to wait.", ""),
    "actor_restarts_total": ("Crashes of actors, after which they were started again.", "actor"),
}
"""Name -> what it counts, and the name of its label."""

HISTOGRAMS = {
    "poll_seconds": "How long a look at a source took, its record included.",
    "seen_to_posted_seconds": "From the wish to post a link to Telegram's confirmation.",
    "db_write_seconds": "How long a caller waited for its write, from the request to after the commit.",
    "db_read_seconds": "How long a read beside the writer took.",
    "db_batch_requests": "Requests that were committed together.",
    "answer_seconds": "From the arrival of what somebody said or pressed to the end of its answer.",
    "event_loop_lag_seconds": "How long one round of tasks kept all others waiting.",
}

GAUGES = {
    "queue_links": ("Rows of the outbox.", "state"),
    "oldest_pending_seconds": ("Age of the oldest wish that waits to be posted; 0: none.", ""),
    "sources": ("Sources.", "state"),
    "duplicates": ("Links that reached a place twice without anybody's wish; always 0.", ""),
}
"""These are read from the database when somebody asks."""

NAMES = frozenset((*COUNTERS, *HISTOGRAMS, *GAUGES))


def result_of(outcome: SendOutcome) -> str:
    """Return the label under which `sends_total` counts an outcome.

    A post that Telegram refuses counts as dead, though it is tried once more as plain text.
    """
    match outcome:
        case Sent():
            return "sent"
        case Deferred() | NotSent() | ChatMoved() | PictureRefused():
            return "deferred"
        case Refused():
            return "dead"
        case PlaceSuspended():
            return "suspended"
        case _:
            return "uncertain"
