"""What actors need of Telegram: saying something, saying it differently, and looking at what is there."""

from typing import Protocol

from core.probe import Copied, Missing, Unreadable
from core.protocol import OutgoingMessage, Place, SendOutcome


class Messenger(Protocol):
    """Sends messages; every answer, and the lack of one, is an outcome.

    Raises only TokenRefused: without a token there is nothing to go on with.
    """

    async def send(self, message: OutgoingMessage) -> SendOutcome:
        """Send a message, once. Never repeats a request by itself."""
        ...

    async def edit(self, message: OutgoingMessage, message_id: int) -> SendOutcome:
        """Change what a message says; one that says so already, or is gone, counts as sent."""
        ...

    async def look(
        self, place: Place, chat_id: int, message_id: int
    ) -> Copied | Missing | Unreadable | SendOutcome:
        """Look at a message by forwarding it to a place, without a sound.

        The copy is the caller's to delete.
        """
        ...

    async def delete(self, chat_id: int, message_id: int) -> SendOutcome:
        """Delete a message; one that is gone, or cannot be deleted, counts as sent."""
        ...

    @property
    def highest_shared_id(self) -> int:
        """The highest message id that was seen in any private chat or basic group; 0: none yet."""
        ...

    @property
    def latest_shared_ids(self) -> frozenset[int]:
        """Ids of messages that were seen lately in private chats and basic groups."""
        ...
