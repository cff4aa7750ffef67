"""sendMessage without models of it: a post is one of many, and to build and check models takes half its time.

What the request says is what aiogram would say; an answer that is not plainly a message is left to aiogram.
"""

import json
from dataclasses import dataclass
from typing import Any

from core.protocol import Button, Entity, OutgoingMessage

METHOD = "sendMessage"
GENERAL_TOPIC = 1


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that Telegram has taken."""

    message_id: int
    chat_type: str


def body_of(message: OutgoingMessage) -> bytes:
    """Return the parameters of sendMessage as JSON (https://core.telegram.org/bots/api#making-requests).

    Characters beyond ASCII are escaped, so that no text can make a body that cannot be encoded.
    """
    fields: dict[str, Any] = {"chat_id": message.place.chat_id, "text": message.text}
    if message.place.topic_id > GENERAL_TOPIC:
        fields["message_thread_id"] = message.place.topic_id
    if message.entities:
        fields["entities"] = [_entity(entity) for entity in message.entities]
    if message.silent:
        fields["disable_notification"] = True
    if (preview := _preview(message)) is not None:
        fields["link_preview_options"] = preview
    if message.buttons:
        rows = [[_button(button) for button in row] for row in message.buttons]
        fields["reply_markup"] = {"inline_keyboard": rows}
    return json.dumps(fields, separators=(",", ":")).encode("ascii")


def posted(content: bytes) -> Posted | None:
    """Return the message that an answer tells of, or None for an answer that is anything else."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return None
    match answer:
        case {"ok": True, "result": {"message_id": int(message_id), "chat": {"type": str(chat_type)}}}:
            return Posted(message_id=message_id, chat_type=chat_type)
        case _:
            return None


def _entity(entity: Entity) -> dict[str, Any]:
    said: dict[str, Any] = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    if entity.url is not None:
        said["url"] = entity.url
    if entity.language is not None:
        said["language"] = entity.language
    return said


def _preview(message: OutgoingMessage) -> dict[str, Any] | None:
    if message.picture is not None and message.picture.way == "preview":
        return {
            "is_disabled": False,
            "url": message.picture.url,
            "prefer_large_media": True,
            "show_above_text": True,
        }
    return None if message.preview else {"is_disabled": True}


def _button(button: Button) -> dict[str, str]:
    said = {"text": button.text}
    if button.url is not None:
        said["url"] = button.url
    if button.data:
        said["callback_data"] = button.data
    return said
