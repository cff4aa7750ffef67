"""What the publisher and the speaker need of Telegram: saying something, and saying it differently."""

from typing import Protocol

from core.protocol import OutgoingMessage, SendOutcome


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
