"""How fast messages may follow each other: per chat, and over all chats together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingPolicy:
    """Gaps between two messages to one chat, messages a second over all chats, and whose day it is."""

    chat_gap_s: float
    group_gap_s: float
    global_rate: float
    zone: str = "UTC"
    """The time zone of chats that have not chosen one."""

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


MOST_WIDENING = 64.0
_LEAST_WIDENED_MS = 1000
_HALVES_IN_MS = 30 * 60_000


def widened(widening: float) -> float:
    """Return by how much a chat's gap is multiplied after one more flood wait; `widening` held until then."""
    return min(2 * max(widening, 1.0), MOST_WIDENING)


def widening_now(
    widening: float, *, flood_from_ms: int | None, flood_until_ms: int | None, now_ms: int
) -> float:
    """Return by how much a chat's gap is multiplied now; it halves in 30 minutes without a flood wait.

    A flood wait of the future was noted by a clock that has jumped back since; it widens nothing.
    """
    if flood_from_ms is None or flood_from_ms > now_ms:
        return 1.0
    quiet_ms = max(0, now_ms - (flood_until_ms or flood_from_ms))
    return max(1.0, widening * float(0.5 ** (quiet_ms / _HALVES_IN_MS)))


def learned_gap_ms(gap_ms: int, widening: float) -> int:
    """Return the gap of a chat that flood waits have taught: at least a second once there was one."""
    return gap_ms if widening <= 1 else round(max(gap_ms, _LEAST_WIDENED_MS) * widening)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Until when a post waits, and the code of the reason; `now` where it need not."""

    until_ms: int
    why: str = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The first waiting row of a chat's lane, with what its chat was told about waiting.

    Attributes:
        not_before_ms: it waits for this moment, as was decided at `waits_from_ms`.
        why: code of what it waits for until then.
        last_send_ms: when a post to this chat began last.
        flood_from_ms: when Telegram asked for time last, and until when.
        widening: what the last flood wait made of the chat's gap.
        entered_ms: since when it may go out, as far as its source and the people are concerned.
        at_ms: a moment that somebody chose for it.
        by_hand: somebody posted it.
    """

    not_before_ms: int
    waits_from_ms: int
    last_send_ms: int | None
    flood_from_ms: int | None
    flood_until_ms: int | None
    why: str = "not_before"
    widening: float = 1.0
    entered_ms: int = 0
    at_ms: int | None = None
    by_hand: bool = False


def wait_of(head: Head, *, gap_ms: int, now_ms: int) -> Wait:
    """Return until when a row waits, be the schedule of its chat what it may: until now, or later.

    A wait that began in what is now the future was noted by a clock that has jumped back since;
    it holds nobody.
    """
    widening = widening_now(
        head.widening, flood_from_ms=head.flood_from_ms, flood_until_ms=head.flood_until_ms, now_ms=now_ms
    )
    gap_end_ms = None if head.last_send_ms is None else head.last_send_ms + learned_gap_ms(gap_ms, widening)
    waits = (
        (head.waits_from_ms, head.not_before_ms, head.why),
        (head.flood_from_ms, head.flood_until_ms, "flood_wait"),
        (head.last_send_ms, gap_end_ms, "gap"),
    )
    longest = Wait(until_ms=now_ms)
    for since_ms, until_ms, why in waits:
        begun = since_ms is not None and since_ms <= now_ms
        if begun and until_ms is not None and until_ms > longest.until_ms:
            longest = Wait(until_ms=until_ms, why=why)
    return longest
