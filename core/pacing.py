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


def holds_everywhere(*, flooded_at_s: float | None, now_s: float) -> bool:
    """Return whether a second chat's flood wait so soon after another's means all chats.

    Telegram does not say whether a 429 is about one chat or all; two chats within a second tell.
    """
    return flooded_at_s is not None and now_s - flooded_at_s <= 1.0
