"""Places, and what a bot may do in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from simulation.botapi.answers import Json, Refused, bad_request

ChatKind = Literal["private", "group", "supergroup", "channel"]
ChatState = Literal[
    "ok", "never_started", "blocked", "deactivated", "kicked", "left", "no_rights", "migrated", "not_found"
]  # fmt: skip
TopicState = Literal["open", "closed", "deleted"]
MemberStatus = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

KIND_NAMES = {
    "private": "private chat",
    "group": "group chat",
    "supergroup": "supergroup chat",
    "channel": "channel chat",
}


@dataclass(slots=True, kw_only=True)
class Chat:
    """One chat.

    Attributes:
        chat_id: Positive for people, negative for basic groups, below -10**12 for the rest.
        kind: The API's `type`.
        title: Its title, or the first name of the person.
        username: Public name, without @.
        is_forum: Whether it has topics.
        topics: State of each topic but General, which is always open.
        state: What keeps the bot from writing.
        migrated_to: The supergroup that a basic group became.
        members: Status of people; the bot's own is `bot_status`.
        bot_status: Whether the bot is an administrator or a member.
        protected: Its messages cannot be forwarded or copied.
    """

    chat_id: int
    kind: ChatKind
    title: str = ""
    username: str = ""
    is_forum: bool = False
    topics: dict[int, TopicState] = field(default_factory=dict)
    state: ChatState = "ok"
    migrated_to: int = 0
    members: dict[int, MemberStatus] = field(default_factory=dict)
    bot_status: MemberStatus = "member"
    protected: bool = False

    def __post_init__(self) -> None:
        """A chat has a title, and in a channel every bot is an administrator."""
        self.title = self.title or f"{self.kind.capitalize()} {abs(self.chat_id)}"
        if self.kind == "channel" and self.bot_status == "member":
            self.bot_status = "administrator"

    def as_json(self) -> Json:
        """The API's `Chat`."""
        shown: Json = {"id": self.chat_id, "type": self.kind}
        shown["first_name" if self.kind == "private" else "title"] = self.title
        if self.username:
            shown["username"] = self.username
        if self.is_forum:
            shown["is_forum"] = True
        return shown

    def require_access(self) -> None:
        """Refuse where the bot cannot even look."""
        name = KIND_NAMES[self.kind]
        if self.state == "not_found":
            raise bad_request("chat not found")
        if self.state == "migrated":
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, text, migrate_to_chat_id=self.migrated_to)
        if self.state == "deactivated":
            raise Refused(403, "Forbidden: user is deactivated")
        if self.state == "kicked":
            raise Refused(403, f"Forbidden: bot was kicked from the {name}")
        if self.state == "left":
            raise Refused(403, f"Forbidden: bot is not a member of the {name}")

    def require_writable(self, topic_id: int) -> None:
        """Refuse where the bot may not post."""
        self.require_access()
        if self.state == "never_started":
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if self.state == "blocked":
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if self.state == "no_rights":
            raise bad_request("not enough rights to send text messages to the chat")
        if topic_id and self.is_forum:
            topic = self.topics.get(topic_id, "deleted")
            if topic == "deleted":
                raise bad_request("message thread not found")
            if topic == "closed" and self.bot_status not in ("administrator", "creator"):
                raise bad_request("TOPIC_CLOSED")


class Chats:
    """The chats of the world, and the numbers their messages get.

    Channels and supergroups count messages each for itself; private chats and basic groups share
    one count over the whole account.
    """

    def __init__(self, *, first_message_id: int) -> None:
        self._chats: dict[int, Chat] = {}
        self._shared = first_message_id
        self._own: dict[int, int] = {}

    def __iter__(self) -> Iterator[Chat]:
        return iter(list(self._chats.values()))

    def __getitem__(self, chat_id: int) -> Chat:
        return self._chats[chat_id]

    def add(self, chat: Chat) -> Chat:
        """Register a chat, in place of any of the same id."""
        self._chats[chat.chat_id] = chat
        return chat

    def find(self, wanted: str) -> Chat:
        """The chat of this id or public @name, refused when there is none."""
        if not wanted:
            raise bad_request("chat_id is empty")
        for chat in self._chats.values():
            named = chat.username and chat.kind != "private" and f"@{chat.username}".lower() == wanted.lower()
            if str(chat.chat_id) == wanted or named:
                return chat
        raise bad_request("chat not found")

    def next_message_id(self, chat: Chat) -> int:
        """The number of the message that is about to be committed in `chat`."""
        if chat.kind in ("private", "group"):
            self._shared += 1
            return self._shared
        self._own[chat.chat_id] = self._own.get(chat.chat_id, 0) + 1
        return self._own[chat.chat_id]
