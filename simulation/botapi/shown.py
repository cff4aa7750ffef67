"""Messages as the API shows them."""

from simulation.botapi.answers import Json
from simulation.botapi.journal import Accepted
from simulation.botapi.photos import id_of

SIZE = {"file_unique_id": "photo", "width": 800, "height": 450}


def message_json(message: Accepted) -> Json:
    """The API's `Message`."""
    shown: Json = {
        "message_id": message.message_id,
        "date": int(message.at),
        "chat": message.chat.as_json(),
        **_author(message),
        **_content(message),
        **message.extra,
    }
    if message.topic_id:
        shown["message_thread_id"] = message.topic_id
        shown["is_topic_message"] = True
    if message.edited_at is not None:
        shown["edit_date"] = int(message.edited_at)
    if message.reply_markup:
        shown["reply_markup"] = message.reply_markup
    if message.origin is not None:
        shown["forward_origin"] = _origin(message.origin)
    if message.chat.protected:
        shown["has_protected_content"] = True
    return shown


def _author(message: Accepted) -> Json:
    if message.chat.kind == "channel":
        return {"sender_chat": message.chat.as_json()}
    return {"from": message.sender.as_json()}


def _content(message: Accepted) -> Json:
    captioned = bool(message.photo) or "document" in message.extra
    prefix = "caption_" if captioned else ""
    shown: Json = {"photo": [{"file_id": id_of(message.photo), **SIZE}]} if message.photo else {}
    if message.text:
        shown["caption" if captioned else "text"] = message.text
    if message.entities:
        shown[f"{prefix}entities"] = message.entities
    return shown


def _origin(message: Accepted) -> Json:
    """The API's `MessageOrigin`."""
    date = int(message.at)
    if message.chat.kind == "channel":
        chat = message.chat.as_json()
        return {"type": "channel", "date": date, "chat": chat, "message_id": message.message_id}
    return {"type": "user", "date": date, "sender_user": message.sender.as_json()}
