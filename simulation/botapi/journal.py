"""What Telegram accepted: the truth that a run is judged by."""

from collections.abc import Callable
from dataclasses import dataclass, field

from simulation.botapi.answers import Json
from simulation.botapi.chats import Chat
from simulation.botapi.texts import Text
from simulation.botapi.users import User


@dataclass(slots=True, kw_only=True)
class Accepted:
    """One message that exists, or existed.

    Attributes:
        chat: Where it is.
        topic_id: 0 is General, or no topics at all.
        message_id: Its number in that chat.
        sender: Who wrote it.
        method: What created it, `user` for people.
        text: Text or caption as stored, with the edits.
        entities: What was sent and what Telegram found, with the edits.
        links: URLs a reader can tap, in order.
        at: When it was committed, epoch seconds.
        reply_markup: The inline keyboard, if any.
        reply_to: The message it answers, 0 for none.
        photo: URL of its photo, if any.
        origin: The message it was forwarded from, if any.
        silent: Sent without sound.
        edited_at: When it was last edited, or None.
        deleted_at: When it was deleted, or None.
        versions: Earlier texts, oldest first.
        parameters: What the bot sent, as it came (link previews, reply parameters and the like).
        extra: More fields of the API's `Message` (service messages).
    """

    chat: Chat
    topic_id: int = 0
    message_id: int
    sender: User
    method: str
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    at: float
    reply_markup: Json | None = None
    reply_to: int = 0
    photo: str = ""
    origin: "Accepted | None" = None
    silent: bool = False
    edited_at: float | None = None
    deleted_at: float | None = None
    versions: list[str] = field(default_factory=list)
    parameters: Json = field(default_factory=dict, repr=False)
    extra: Json = field(default_factory=dict)

    @property
    def chat_id(self) -> int:
        """Where it is."""
        return self.chat.chat_id

    @property
    def edited(self) -> bool:
        """Whether its text or keyboard was changed."""
        return self.edited_at is not None

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""
        return self.deleted_at is not None

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Its buttons as (text, callback data or URL), row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [
            (one["text"], str(one.get("callback_data", one.get("url", "")))) for row in rows for one in row
        ]

    def change(self, text: Text, reply_markup: Json | None, at: float) -> None:
        """Apply an edit."""
        self.versions.append(self.text)
        self.text, self.entities, self.links = text.text, text.entities, text.links
        self.reply_markup = reply_markup
        self.edited_at = at


class Journal:
    """Every message of the world; `accepted` holds those of the bot, in the order of commit."""

    def __init__(self) -> None:
        self.accepted: list[Accepted] = []
        self.on_accepted: list[Callable[[Accepted], None]] = []
        self.on_change: list[Callable[[Accepted], None]] = []
        """Called with each message that is new, edited or deleted, whoever wrote it."""
        self._all: dict[tuple[int, int], Accepted] = {}

    def record(self, message: Accepted) -> None:
        """Commit a message; one of the bot's is told to the hooks before any answer goes out."""
        self._all[message.chat_id, message.message_id] = message
        self.changed(message)
        if message.method == "user":
            return
        self.accepted.append(message)
        for hook in list(self.on_accepted):
            hook(message)

    def changed(self, message: Accepted) -> None:
        """Tell those who watch that a message is not what it was."""
        for hook in list(self.on_change):
            hook(message)

    def everything(self, chat_id: int) -> list[Accepted]:
        """What stands in a chat now, whoever wrote it, in order."""
        return [one for one in self._all.values() if one.chat_id == chat_id and not one.deleted]

    def find(self, chat_id: int, message_id: int) -> Accepted | None:
        """The message, unless there is none or it was deleted."""
        message = self._all.get((chat_id, message_id))
        return None if message is None or message.deleted else message

    def messages(self, chat_id: int, *, topic_id: int | None = None) -> list[Accepted]:
        """What a reader of the chat sees of the bot, in order."""
        return [
            one
            for one in self.accepted
            if one.chat_id == chat_id and not one.deleted and topic_id in (None, one.topic_id)
        ]
