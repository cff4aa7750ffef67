"""The ids of messages in private chats and basic groups, which run over the whole account."""

from collections.abc import Sequence

from aiogram.types import Message, Update

from core.probe import shares_ids

_KEPT = 4096


class SharedIds:
    """The highest id of all that was received or sent since the start, and the latest of them."""

    def __init__(self) -> None:
        self.highest = 0
        self._latest: dict[int, None] = {}

    @property
    def latest(self) -> frozenset[int]:
        """Ids that belong to messages which were seen."""
        return frozenset(self._latest)

    def note(self, answer: object) -> None:
        """Look at an answer of the Bot API: a message, a list of updates, or something else."""
        if isinstance(answer, Message):
            self.note_id(answer.chat.type, answer.message_id)
        elif isinstance(answer, Sequence):
            for update in answer:
                if isinstance(update, Update) and update.message is not None:
                    self.note_id(update.message.chat.type, update.message.message_id)

    def note_id(self, chat_type: str, message_id: int) -> None:
        """Note a message of a chat of this type."""
        if shares_ids(chat_type):
            self.highest = max(self.highest, message_id)
            self._latest[message_id] = None
            if len(self._latest) > _KEPT:
                del self._latest[next(iter(self._latest))]
