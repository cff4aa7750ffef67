"""How many subscriptions one person may add, all chats together. Owners may add as many as they like."""

from dataclasses import dataclass

from core.errors import QuotaReached, UserError

DEFAULT = 100
"""Subscriptions of somebody for whom nothing else was set."""
_MOST_DIGITS = 7
_WORD_FOR_DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What somebody has added, and may add.

    Attributes:
        user_id: of a person, or of the group that anonymous administrators write as.
        used: subscriptions, with addresses that are still looked behind for them.
        limit: None: as many as they like.
    """

    user_id: int
    used: int
    limit: int | None

    @property
    def left(self) -> int | None:
        """How many more; None: as many as they like."""
        return None if self.limit is None else max(0, self.limit - self.used)

    def refusal(self) -> QuotaReached:
        """Return what to tell somebody who has no room left."""
        return QuotaReached(
            "Your limit of subscriptions is {limit}, and you have {used}. Remove some, or ask an owner of "
            "this bot for more: /role quota {user} N",
            limit=self.limit,
            used=self.used,
            user=self.user_id,
        )


def read_quota(word: str) -> int | None:
    """Read how many subscriptions somebody may add; None: what is usual, for the word `default`.

    Raises:
        UserError: it is no such number.
    """
    if word.lower() == _WORD_FOR_DEFAULT:
        return None
    if not word.isascii() or not word.isdigit() or len(word) > _MOST_DIGITS:
        raise UserError("“{word}”: write a number of subscriptions, or default.", word=word[:20])
    return int(word)
