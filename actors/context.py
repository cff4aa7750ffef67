"""What every actor is given: its store, its clock, its randomness and the bells it may ring."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from actors.doorbell import Doorbell
from core.metrics import Metrics
from core.pacing import GlobalPace
from core.protocol import Owner
from core.settings import Settings
from store.client import Store


@dataclass(frozen=True, slots=True)
class Bells:
    """One doorbell for each actor that sleeps between its rounds."""

    poller: Doorbell = field(default_factory=Doorbell)
    publisher: Doorbell = field(default_factory=Doorbell)
    speaker: Doorbell = field(default_factory=Doorbell)
    fetcher: Doorbell = field(default_factory=Doorbell)
    finder: Doorbell = field(default_factory=Doorbell)
    prober: Doorbell = field(default_factory=Doorbell)
    backup: Doorbell = field(default_factory=Doorbell)


class Administrators(Protocol):
    """Knows who administers a chat."""

    async def includes(self, chat_id: int, user_id: int) -> bool:
        """Return whether a user does."""
        ...

    def forget(self, chat_id: int) -> None:
        """Forget what was known of a chat."""
        ...


class Nobody:
    """Knows of no administrators: only the telegram actor can ask."""

    async def includes(self, _chat_id: int, _user_id: int) -> bool:
        """Return no."""
        return False

    def forget(self, chat_id: int) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Context:
    """The world of one incarnation of an actor. Time and randomness are arguments, never globals."""

    store: Store
    settings: Settings
    owner: Owner
    now_ms: Callable[[], int]
    rng: random.Random
    bells: Bells
    pace: GlobalPace
    """Of all messages together, whoever sends them."""
    metrics: Metrics
    turned: Callable[[], None]
    """Says that this actor's loop has turned, if only to find nothing to do."""
    administrators: Administrators = field(default_factory=Nobody)
