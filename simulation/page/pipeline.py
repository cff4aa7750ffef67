"""What the page shows of the program; whoever runs the program fills it in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorSeen:
    """One actor.

    Attributes:
        name: Its name.
        does: What it does, in a few words.
        done: How much of it it did in this run, or None where nobody counts.
        turned_s: For how many seconds its loop has not turned.
        late: Whether it should have turned by now.
    """

    name: str
    does: str
    done: int | None
    turned_s: float
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """One source that a chat watches.

    Attributes:
        title: What it calls itself, or empty.
        url: Its address.
        kind: Feed, sitemap, list and so on.
        chat_id: Who watches it.
        state: Active, probing, paused or gone.
        trouble: Why it could not be read the last time, or empty.
        next_s: Seconds until it is looked at again.
    """

    title: str
    url: str
    kind: str
    chat_id: int
    state: str
    trouble: str
    next_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The program at one moment.

    Attributes:
        actors: In the order of a link's way.
        sources: In the order in which they were added.
        queue: Rows of the outbox by state.
        counts: Links `seen`, `duplicates` caught, posts `sent`, and `repeated`.
    """

    actors: list[ActorSeen] = field(default_factory=list)
    sources: list[SourceSeen] = field(default_factory=list)
    queue: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


Look: TypeAlias = Callable[[], Awaitable[Pipeline]]
"""Looks at the program now."""
