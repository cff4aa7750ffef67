"""What people do in the chats: it reaches the bot as updates."""

from collections.abc import Sequence

from simulation.botapi.answers import Json
from simulation.botapi.chats import Chat, ChatState, MemberStatus
from simulation.botapi.cloud import Cloud
from simulation.botapi.found import found_entities
from simulation.botapi.journal import Accepted
from simulation.botapi.membership import member_json
from simulation.botapi.shown import message_json
from simulation.botapi.texts import Text
from simulation.botapi.users import User

ANONYMOUS: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""Who appears to write what an administrator writes as the group."""
GONE: dict[MemberStatus, ChatState] = {"left": "left", "kicked": "kicked"}


class People:
    """Acts in the name of users; every action returns the id of its update."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def private(self, user_id: int, *, username: str = "", language_code: str = "") -> Chat:
        """The private chat with a user."""
        user = self._cloud.users.get(user_id, username=username, language_code=language_code)
        return self._cloud.chats.add(
            Chat(chat_id=user_id, kind="private", title=user.first_name, username=user.username)
        )

    def user_says(
        self,
        chat_id: int,
        user_id: int,
        text: str,
        *,
        topic_id: int = 0,
        username: str = "",
        language_code: str = "",
        reply_to: int = 0,
        anonymous: bool = False,
        entities: Sequence[Json] = (),
    ) -> int:
        """A user writes `text`, be it as the group; an unknown private chat comes to be by this.

        `entities` is how they formatted it; what Telegram finds by itself is added.
        """
        user = self._cloud.users.get(user_id, username=username, language_code=language_code)
        place = self._place(chat_id, user)
        message = self._commit(
            place, user, text=text, topic_id=topic_id, reply_to=reply_to, entities=entities
        )
        shown = self._shown(message, reply_to)
        if anonymous:
            shown |= {"from": ANONYMOUS, "sender_chat": message.chat.as_json()}
        return self._tell(message, shown)

    def sends_file(
        self, chat_id: int, user_id: int, name: str, body: bytes, *, caption: str = "", reply_to: int = 0
    ) -> int:
        """A user sends a document; the id of its message."""
        user = self._cloud.users.get(user_id)
        extra = {"document": self._cloud.files.put(name, body)}
        message = self._commit(self._place(chat_id, user), user, text=caption, extra=extra)
        self._tell(message, self._shown(message, reply_to))
        return message.message_id

    def _tell(self, message: Accepted, shown: Json) -> int:
        """Show the bot what somebody wrote; the id of the update. Channels show posts to administrators."""
        kind = "channel_post" if message.chat.kind == "channel" else "message"
        if kind == "channel_post" and message.chat.bot_status != "administrator":
            return 0
        return self._cloud.updates.add(kind, shown)

    def _shown(self, message: Accepted, reply_to: int) -> Json:
        shown = message_json(message)
        if (answered := self._cloud.journal.find(message.chat_id, reply_to)) is not None:
            shown["reply_to_message"] = message_json(answered)
        return shown

    def forwards(self, chat_id: int, user_id: int, message: Accepted) -> int:
        """A user forwards a message to the bot."""
        user = self._cloud.users.get(user_id)
        copy = self._commit(self._place(chat_id, user), user, text=message.text, origin=message)
        copy.entities, copy.links, copy.photo = message.entities, message.links, message.photo
        return self._tell(copy, message_json(copy))

    def press(self, chat_id: int, user_id: int, message_id: int, data: str) -> int:
        """A user presses a button of a message, which may have changed since they saw it."""
        message = self._cloud.journal.find(chat_id, message_id)
        if message is None:
            raise LookupError(f"no message {message_id} in chat {chat_id}")
        query_id = str(self._cloud.rng.getrandbits(62))
        self._cloud.open_queries.add(query_id)
        query: Json = {
            "id": query_id,
            "from": self._cloud.users.get(user_id).as_json(),
            "message": self._shown(message, message.reply_to),
            "chat_instance": str(chat_id),
            "data": data,
        }
        return self._cloud.updates.add("callback_query", query)

    def set_bot_status(self, chat_id: int, user_id: int, status: MemberStatus) -> int:
        """A user blocks (`kicked`), unblocks, adds, promotes or removes the bot: `my_chat_member`."""
        chat, bot = self._cloud.chats[chat_id], self._cloud.bot
        before = member_json(bot, chat.bot_status)
        chat.bot_status = status
        chat.state = GONE.get(status, "ok")
        if chat.kind == "private" and status == "kicked":
            chat.state = "blocked"
        change: Json = {
            "chat": chat.as_json(),
            "from": self._cloud.users.get(user_id).as_json(),
            "date": int(self._cloud.now()),
            "old_chat_member": before,
            "new_chat_member": member_json(bot, status),
        }
        return self._cloud.updates.add("my_chat_member", change)

    def shares_chat(self, user_id: int, chat_id: int, *, request_id: int = 1) -> int:
        """A user picks a chat with a button of the private chat."""
        user = self._cloud.users.get(user_id)
        extra: Json = {"chat_shared": {"request_id": request_id, "chat_id": chat_id}}
        message = self._commit(self._place(user_id, user), user, extra=extra)
        return self._cloud.updates.add("message", message_json(message))

    def shares_location(self, user_id: int, latitude: float, longitude: float) -> int:
        """A user shares where they are with a button of the private chat."""
        user = self._cloud.users.get(user_id)
        extra: Json = {"location": {"latitude": latitude, "longitude": longitude}}
        message = self._commit(self._place(user_id, user), user, extra=extra)
        return self._cloud.updates.add("message", message_json(message))

    def set_member(self, chat_id: int, user_id: int, status: MemberStatus) -> int:
        """Somebody else's standing changes: `chat_member`, which only bots that administrate are told."""
        chat, user = self._cloud.chats[chat_id], self._cloud.users.get(user_id)
        before = member_json(user, chat.members.get(user_id, "left"))
        chat.members[user_id] = status
        change: Json = {
            "chat": chat.as_json(),
            "from": user.as_json(),
            "date": int(self._cloud.now()),
            "old_chat_member": before,
            "new_chat_member": member_json(user, status),
        }
        return self._cloud.updates.add("chat_member", change)

    def migrate(self, chat_id: int, new_chat_id: int, *, user_id: int = 1) -> list[int]:
        """A basic group becomes a supergroup: one service message in each of the two."""
        old = self._cloud.chats[chat_id]
        new = self._cloud.chats.add(
            Chat(
                chat_id=new_chat_id,
                kind="supergroup",
                title=old.title,
                members=dict(old.members),
                bot_status=old.bot_status,
            )
        )
        user = self._cloud.users.get(user_id)
        gone = self._commit(old, user, extra={"migrate_to_chat_id": new_chat_id})
        come = self._commit(new, user, extra={"migrate_from_chat_id": chat_id})
        old.state, old.migrated_to = "migrated", new_chat_id
        return [self._cloud.updates.add("message", message_json(one)) for one in (gone, come)]

    def _place(self, chat_id: int, user: User) -> Chat:
        if chat_id == user.user_id and all(chat.chat_id != chat_id for chat in self._cloud.chats):
            return self.private(chat_id)
        return self._cloud.chats[chat_id]

    def _commit(
        self,
        chat: Chat,
        user: User,
        *,
        text: str = "",
        topic_id: int = 0,
        reply_to: int = 0,
        origin: Accepted | None = None,
        extra: Json | None = None,
        entities: Sequence[Json] = (),
    ) -> Accepted:
        found = found_entities(text, taken=list(entities))
        said = Text(text, sorted([*entities, *found], key=lambda one: (one["offset"], -one["length"])))
        values = {"text": text, "entities": said.entities, "links": said.links, "topic_id": topic_id}
        values["reply_to"] = reply_to
        return self._cloud.commit("user", chat, user, origin=origin, extra=extra or {}, **values)
