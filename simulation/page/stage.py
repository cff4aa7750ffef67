"""What stands on the page, and what somebody can do there."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

import trio

from simulation.botapi import Accepted, BotApi, Chat
from simulation.botapi.answers import Json
from simulation.botapi.files import MOST_DOWNLOAD_BYTES
from simulation.botapi.texts import MAX_TEXT
from simulation.feeds import FeedWorld
from simulation.http import Request
from simulation.page.broadcast import Broadcast
from simulation.page.messages import key_of, shown
from simulation.page.pipeline import Look
from simulation.page.troubles import TROUBLES, counted

LOOK_EVERY_S = 1.0
LAST_MESSAGES = 100
"""Of each chat, for a page that is opened."""
OK = 200


class NotPossible(Exception):
    """What somebody wants cannot be done; the text says why."""


class Stage:
    """A Telegram, sites and a program, seen and touched from outside.

    Args:
        api: The Telegram; its chats are shown, and its people act here.
        web: The sites that its links and pictures lead to.
        owner_id: In whose name the page speaks.
        look: Looks at the program.
        hints: Texts that the owner could say.
        trouble_chat: Where the faults of Telegram strike.
    """

    def __init__(
        self,
        api: BotApi,
        web: FeedWorld,
        *,
        owner_id: int,
        look: Look,
        hints: Sequence[str] = (),
        trouble_chat: int = 0,
    ) -> None:
        self.broadcast = Broadcast()
        self._api = api
        self._web = web
        self._owner_id = owner_id
        self._look = look
        self._hints = list(hints)
        self._trouble_chat = trouble_chat or owner_id
        api.cloud.journal.on_change.append(self._changed)

    async def run(self) -> None:
        """Tell the listeners what no message says, until cancelled: answers to buttons, the pipeline."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._tell_answers)
            while True:
                if self.broadcast.heard:
                    self.broadcast.tell("pipeline", await self.pipeline())
                await trio.sleep(LOOK_EVERY_S)

    async def state(self) -> Json:
        """Everything, for a page that is opened."""
        return {
            "chats": [self._chat(chat) for chat in self._api.chats],
            "messages": [
                self._shown(message)
                for chat in self._api.chats
                for message in self._api.cloud.journal.everything(chat.chat_id)[-LAST_MESSAGES:]
            ],
            "hints": self._hints,
            "troubles": [{"name": name, "words": words} for name, (words, _) in TROUBLES.items()],
            "pipeline": await self.pipeline(),
        }

    async def pipeline(self) -> Json:
        """The program as it is now, and the faults it met."""
        return {**asdict(await self._look()), "faults": counted(self._api, self._web)}

    def say(self, chat_id: int, text: str, *, reply_to: int = 0) -> None:
        """Say something as the owner.

        Raises:
            NotPossible: The owner cannot write there, or there is nothing to say, or too much.
        """
        self._require_writable(chat_id)
        if not text.strip():
            raise NotPossible("there is nothing to send")
        if len(text) > MAX_TEXT:
            raise NotPossible(f"a message has {MAX_TEXT} characters at the most")
        self._api.user_says(chat_id, self._owner_id, text.strip(), reply_to=reply_to)

    def press(self, chat_id: int, message_id: int, data: str) -> None:
        """Press a button as the owner.

        Raises:
            NotPossible: There is no such message, or no such button under it.
        """
        message = self._api.cloud.journal.find(chat_id, message_id)
        if message is None:
            raise NotPossible("the message is gone")
        rows = (message.reply_markup or {}).get("inline_keyboard", [])
        if not any(button.get("callback_data") == data for row in rows for button in row):
            raise NotPossible("the button is gone")
        self._api.press(chat_id, self._owner_id, message_id, data)

    def send_file(self, chat_id: int, name: str, body: bytes) -> None:
        """Send a file as the owner.

        Raises:
            NotPossible: The owner cannot write there, or the file is empty or too large.
        """
        self._require_writable(chat_id)
        if not 0 < len(body) <= MOST_DOWNLOAD_BYTES:
            raise NotPossible(f"a file has 1 to {MOST_DOWNLOAD_BYTES >> 20} MiB")
        self._api.people.sends_file(chat_id, self._owner_id, name or "file", body)

    def make_trouble(self, name: str) -> None:
        """Let something go wrong.

        Raises:
            NotPossible: There is no trouble of this name.
        """
        if name not in TROUBLES:
            raise NotPossible("there is no such trouble")
        TROUBLES[name][1](self._api, self._web, self._trouble_chat)

    async def picture(self, address: str) -> bytes | None:
        """The picture at an address of this world, or that was uploaded; None for any other."""
        number = address.removeprefix("upload:")
        if number != address:
            uploads = self._api.photos.uploads
            return (
                uploads[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(uploads) else None
            )
        if not any(address.startswith(f"{feed.base}/images/") for feed in self._web):
            return None
        reply = await self._web.handle(Request(method="GET", target=urlsplit(address).path))
        return reply.body if reply.status == OK else None

    async def _tell_answers(self) -> None:
        """Tell what the bot says to whoever pressed a button."""
        answers = self._api.callback_answers
        told = len(answers)
        while True:
            await self._api.until(lambda: len(answers) > told, math.inf)  # noqa: B023 - asked at once only
            for answer in answers[told:]:
                self.broadcast.tell("answer", {"text": answer["text"], "alert": answer["show_alert"]})
            told = len(answers)

    def _changed(self, message: Accepted) -> None:
        if message.deleted:
            self.broadcast.tell("gone", key_of(message))
        else:
            self.broadcast.tell("message", self._shown(message))

    def _shown(self, message: Accepted) -> Json:
        return shown(message, self._api.cloud, self._web)

    def _chat(self, chat: Chat) -> Json:
        title = self._api.cloud.bot.first_name if chat.kind == "private" else chat.title
        return {
            "id": chat.chat_id,
            "kind": chat.kind,
            "title": title,
            "name": chat.username if chat.kind != "private" else self._api.cloud.bot.username,
            "writable": chat.kind != "channel",
        }

    def _require_writable(self, chat_id: int) -> None:
        if not any(chat.chat_id == chat_id and chat.kind != "channel" for chat in self._api.chats):
            raise NotPossible("nobody but the bot writes there")
