"""What Telegram Desktop writes when it exports a chat, or all chats of an account, as JSON.

One chat is `{"name", "type", "id", "messages": [...]}`; an account holds such chats under `chats.list` and
`left_chats.list`. Ids are bare: the Bot API's are told from them by the chat's type.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.json_stream import BrokenJson, JsonStream
from core.text import one_line

_CHANNEL_OFFSET = 1_000_000_000_000  # https://core.telegram.org/api/bots/ids
_TYPES = {
    "public_channel": "channel",
    "private_channel": "channel",
    "public_supergroup": "supergroup",
    "private_supergroup": "supergroup",
    "private_group": "group",
}
_SHARED_IDS = frozenset({"channel", "supergroup"})
_OPENING = frozenset({"url", "auth", "web_view", "simple_web_view"})
_PLAIN_URL = re.compile(r"""https?://[^\s<>"“”«»]+""", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PORT = re.compile(r"[^/:]+:\d")
_AFTER_URL = ".,;:!?'\u2019…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedChat:
    """Whose messages follow."""

    chat_id: int | None
    """As the Bot API writes it; None where the export does not say."""
    chat_type: str = ""
    name: str = ""
    alone: bool = True
    """It is the only chat of its export."""

    @property
    def shares_ids(self) -> bool:
        """Whether message ids are the same for everybody; elsewhere they are the exporting account's."""
        return self.chat_type in _SHARED_IDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedMessage:
    """What one message tells of links."""

    chat: ExportedChat
    message_id: int | None = None
    """Only where it is the same for everybody."""
    topic_id: int = 0
    date_ms: int | None = None
    links: tuple[str, ...] = ()


def messages_of(stream: JsonStream) -> Iterator[ExportedMessage]:
    """Read all messages of an export in their order.

    Raises:
        BrokenJson: it breaks off or is no JSON; or no chat is in it.
    """
    if not stream.next_is("{"):
        raise BrokenJson("it does not begin as an export does")
    chats = 0
    about: dict[str, Any] = {}
    for name in stream.members():
        if name in ("name", "type", "id"):
            about[name] = stream.value()
        elif name == "messages":
            chats += 1
            yield from _messages(stream, _chat(about, alone=True))
        elif name in ("chats", "left_chats"):
            chats += 1
            for inner in stream.members():
                if inner == "list":
                    for _ in stream.elements():
                        yield from _listed(stream)
    if not chats:
        raise BrokenJson("no chat is in it")


def links_of(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Return every link of a message once: of its text's parts, plain ones, and those behind buttons."""
    found: dict[str, None] = {}
    for part in (*_parts(message.get("text")), *_parts(message.get("text_entities"))):
        text = str(part.get("text") or "")
        if part.get("type") == "text_link":
            found.update(dict.fromkeys(_with_scheme(str(part.get("href") or ""))))
        elif part.get("type") == "link":
            found.update(dict.fromkeys(_with_scheme(text)))
            continue
        found.update(dict.fromkeys(_plain_urls(text)))
    for button in _buttons(message.get("inline_bot_buttons")):
        if button.get("type") in _OPENING:
            found.update(dict.fromkeys(_with_scheme(str(button.get("data") or ""))))
    return tuple(found)


def _listed(stream: JsonStream) -> Iterator[ExportedMessage]:
    about: dict[str, Any] = {}
    for name in stream.members():
        if name == "messages":
            yield from _messages(stream, _chat(about, alone=False))
        elif name in ("name", "type", "id"):
            about[name] = stream.value()


def _chat(about: Mapping[str, Any], *, alone: bool) -> ExportedChat:
    bare, chat_type = about.get("id"), _TYPES.get(str(about.get("type")), "private")
    chat_id = None
    if isinstance(bare, int):
        shifts = {"private": bare, "group": -bare}
        chat_id = shifts.get(chat_type, -_CHANNEL_OFFSET - bare)
    name = one_line(str(about.get("name") or ""))
    return ExportedChat(chat_id=chat_id, chat_type=chat_type, name=name, alone=alone)


def _messages(stream: JsonStream, chat: ExportedChat) -> Iterator[ExportedMessage]:
    topics: set[int] = set()
    for _ in stream.elements():
        message = stream.value()
        if not isinstance(message, dict):
            continue
        number = _integer(message.get("id"))
        if message.get("action") == "topic_created" and number:
            topics.add(number)  # a topic's id is that of the message that opens it
        yield ExportedMessage(
            chat=chat,
            # What a supergroup brought along from the group it was has ids below zero.
            message_id=number if number and number > 0 and chat.shares_ids else None,
            topic_id=_topic(message, topics),
            date_ms=_date_ms(message),
            links=links_of(message) if message.get("type") == "message" else (),
        )


def _topic(message: Mapping[str, Any], topics: set[int]) -> int:
    """Return the topic that a message names, or whose opening it answers, as a bot's posts do; 0 is none."""
    told = _integer(message.get("topic_id")) or _integer(message.get("reply_to_top_id"))
    answered = _integer(message.get("reply_to_message_id"))
    return told or (answered if answered in topics else None) or 0


def _date_ms(message: Mapping[str, Any]) -> int | None:
    seconds = _integer(message.get("date_unixtime"))
    return None if seconds is None else seconds * 1000


def _integer(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and abs(value) < 2**53 else None


def _parts(text: object) -> Iterator[Mapping[str, Any]]:
    for part in text if isinstance(text, list) else [text]:
        if isinstance(part, str):
            yield {"text": part}
        elif isinstance(part, dict):
            yield part


def _buttons(rows: object) -> Iterator[Mapping[str, Any]]:
    for row in rows if isinstance(rows, list) else ():
        yield from (button for button in (row if isinstance(row, list) else ()) if isinstance(button, dict))


def _plain_urls(text: str) -> Iterator[str]:
    for found in _PLAIN_URL.findall(text):
        url = found.rstrip(_AFTER_URL)
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(_AFTER_URL)
        yield one_line(url)


def _with_scheme(link: str) -> tuple[str, ...]:
    """Return a link as it may have been meant: Telegram also takes `site.example/1`, and drops its scheme."""
    link = one_line(link)
    if not link or (_SCHEME.match(link) and not _PORT.match(link)):
        return (link,) if link else ()
    return (f"https://{link}", f"http://{link}")
