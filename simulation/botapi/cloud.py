"""The state behind the methods, and the one place where messages are committed."""

import random
from collections.abc import Callable
from typing import Any

from simulation.botapi.answers import Json
from simulation.botapi.chats import Chat, Chats
from simulation.botapi.files import Files
from simulation.botapi.flood import FloodControl, Limits
from simulation.botapi.journal import Accepted, Journal
from simulation.botapi.parameters import Parameters
from simulation.botapi.photos import Photos
from simulation.botapi.updates import Updates
from simulation.botapi.users import User, Users


class Cloud:
    """Telegram, as far as one bot meets it."""

    def __init__(
        self, *, bot: User, now: Callable[[], float], rng: random.Random, limits: Limits | None = None
    ) -> None:
        self.now = now
        self.rng = rng
        self.users = Users(bot)
        self.chats = Chats(first_message_id=rng.randint(100, 5000))
        self.journal = Journal()
        self.updates = Updates(first_id=rng.randint(10**8, 9 * 10**8), now=now)
        self.flood = FloodControl(limits or Limits(), now)
        self.photos = Photos()
        self.files = Files()
        self.commands: dict[str, list[Json]] = {}
        self.callback_answers: list[Json] = []
        self.open_queries: set[str] = set()
        self.actions: list[tuple[int, str]] = []

    @property
    def bot(self) -> User:
        """The bot's own account."""
        return self.users.bot

    def chat_to_write(self, ask: Parameters, topic_id: int) -> Chat:
        """The chat of a sending method, refused where the bot may not post."""
        chat = self.chats.find(ask.text("chat_id"))
        chat.require_writable(topic_id)
        return chat

    def admit(self, method: str, chat: Chat) -> None:
        """Flood control for one message, or one edit."""
        self.flood.require_waited(method, chat.chat_id)
        self.flood.admit(chat)

    def commit(self, method: str, chat: Chat, sender: User, **values: Any) -> Accepted:  # noqa: ANN401
        """Create a message: from now on it exists, whatever the client hears of it."""
        message = Accepted(
            method=method,
            chat=chat,
            sender=sender,
            message_id=self.chats.next_message_id(chat),
            at=self.now(),
            **values,
        )
        self.journal.record(message)
        return message
