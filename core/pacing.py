"""How fast messages may follow each other: per chat, and over all chats together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingPolicy:
    """Gaps between two messages to one chat, and messages a second over all chats."""

    chat_gap_s: float
    group_gap_s: float
    global_rate: float

    def gap_ms(self, chat_type: str) -> int:
        """Return the gap to keep after a message to a chat of this type.

        Telegram lets 20 messages a minute into groups and about one a second into other chats
        (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
        """
        gap_s = self.group_gap_s if chat_type in ("group", "supergroup") else self.chat_gap_s
        return round(gap_s * 1000)


@dataclass(slots=True)
class GlobalPace:
    """Spreads sends over all chats evenly: `reserve` says how long the next one has to wait."""

    rate: float
    next_free_s: float = 0.0
    frozen_until_s: float = 0.0

    def reserve(self, *, now_s: float) -> float:
        """Take the next slot and return the seconds to wait for it (0 or more)."""
        if self.rate <= 0:
            return 0.0
        start_s = max(now_s, self.next_free_s)
        self.next_free_s = start_s + 1 / self.rate
        return start_s - now_s

    def freeze(self, *, until_s: float) -> None:
        """Give out no slot before `until_s`."""
        self.next_free_s = max(self.next_free_s, until_s)
        self.frozen_until_s = max(self.frozen_until_s, until_s)


def holds_everywhere(*, flooded_at_s: float | None, now_s: float) -> bool:
    """Return whether a second chat's flood wait so soon after another's means all chats.

    Telegram does not say whether a 429 is about one chat or all; two chats within a second tell.
    """
    return flooded_at_s is not None and now_s - flooded_at_s <= 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The first waiting row of a chat's lane, with what its chat was told about waiting."""

    not_before_ms: int
    waits_from_ms: int
    last_send_ms: int | None
    flood_from_ms: int | None
    flood_until_ms: int | None


def ready_at_ms(head: Head, *, gap_ms: int, now_ms: int) -> int:
    """Return when the row may go out: `now_ms`, or later.

    A wait that began in what is now the future was noted by a clock that has jumped back since;
    it holds nobody.
    """
    ready = now_ms
    waits = (
        (head.waits_from_ms, head.not_before_ms),
        (head.flood_from_ms, head.flood_until_ms),
        (head.last_send_ms, None if head.last_send_ms is None else head.last_send_ms + gap_ms),
    )
    for since_ms, until_ms in waits:
        if since_ms is not None and until_ms is not None and since_ms <= now_ms < until_ms:
            ready = max(ready, until_ms)
    return ready
