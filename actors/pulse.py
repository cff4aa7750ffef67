"""When each actor's loop last turned: what readiness is judged by."""

from collections.abc import Iterator

import trio

LONGEST_TURN_S = 80.0
"""A turn takes no longer, an idle one included: Telegram's long poll (50 s) and 30 s."""


class Pulse:
    """Knows the actors of one run, and in which second of trio's clock each last said that it turns."""

    def __init__(self) -> None:
        self._turned_s: dict[str, float] = {}

    def turned(self, actor: str) -> None:
        """Note a turn; the first one makes an actor known."""
        self._turned_s[actor] = trio.current_time()

    def ages(self) -> dict[str, float]:
        """Return for how many seconds each actor has not turned."""
        now_s = trio.current_time()
        return {actor: now_s - then_s for actor, then_s in self._turned_s.items()}

    def late(self) -> Iterator[tuple[str, float]]:
        """Yield the actors that should have turned by now, and for how many seconds they have not."""
        return ((actor, age_s) for actor, age_s in self.ages().items() if age_s > LONGEST_TURN_S)
