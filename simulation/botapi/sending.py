"""Methods that create messages."""

from simulation.botapi.answers import Json, bad_request
from simulation.botapi.chats import Chat
from simulation.botapi.cloud import Cloud
from simulation.botapi.journal import Accepted
from simulation.botapi.keyboards import checked_keyboard
from simulation.botapi.parameters import Parameters
from simulation.botapi.shown import message_json
from simulation.botapi.texts import Text, caption_text, message_text


def send_message(cloud: Cloud, ask: Parameters) -> Json:
    """`sendMessage`."""
    text = message_text(ask, refuse_links=cloud.flood.limits.refuse_bad_links)
    return _send(cloud, ask, "sendMessage", text)


def send_photo(cloud: Cloud, ask: Parameters) -> Json:
    """`sendPhoto`: by URL, by the id of a photo that was sent before, or as an upload."""
    photo = cloud.photos.take(ask)
    text = caption_text(ask, refuse_links=cloud.flood.limits.refuse_bad_links)
    return _send(cloud, ask, "sendPhoto", text, photo=photo)


def send_document(cloud: Cloud, ask: Parameters) -> Json:
    """`sendDocument`: an upload."""
    document = cloud.files.take(ask)
    return _send(cloud, ask, "sendDocument", caption_text(ask), extra={"document": document})


def forward_message(cloud: Cloud, ask: Parameters) -> Json:
    """`forwardMessage`."""
    original = _original(cloud, ask, "forward")
    chat, topic_id = _place(cloud, ask)
    cloud.admit("forwardMessage", chat)
    copy = cloud.commit(
        "forwardMessage",
        chat,
        cloud.bot,
        topic_id=topic_id,
        origin=original.origin or original,
        silent=ask.flag("disable_notification"),
        **_content(original),
    )
    return message_json(copy)


def copy_message(cloud: Cloud, ask: Parameters) -> Json:
    """`copyMessage`: as a new message of the bot, without a word of where it came from."""
    original = _original(cloud, ask, "copy")
    keyboard = checked_keyboard(ask)
    chat, topic_id = _place(cloud, ask)
    cloud.admit("copyMessage", chat)
    content = _content(original)
    if ask.has("caption") and original.photo:
        text = caption_text(ask)
        content |= {"text": text.text, "entities": text.entities, "links": text.links}
    silent = ask.flag("disable_notification")
    copy = cloud.commit(
        "copyMessage", chat, cloud.bot, topic_id=topic_id, reply_markup=keyboard, silent=silent, **content
    )
    return {"message_id": copy.message_id}


def _send(
    cloud: Cloud,
    ask: Parameters,
    method: str,
    text: Text,
    *,
    photo: str = "",
    extra: Json | None = None,
) -> Json:
    keyboard = checked_keyboard(ask)
    chat, topic_id = _place(cloud, ask)
    reply_to = _reply_to(cloud, ask, chat)
    cloud.admit(method, chat)
    sent = cloud.commit(
        method,
        chat,
        cloud.bot,
        topic_id=topic_id,
        text=text.text,
        entities=text.entities,
        links=text.links,
        reply_markup=keyboard,
        reply_to=reply_to,
        photo=photo,
        silent=ask.flag("disable_notification"),
        parameters=ask.values,
        extra=extra or {},
    )
    return message_json(sent)


def _place(cloud: Cloud, ask: Parameters) -> tuple[Chat, int]:
    topic_id = ask.integer("message_thread_id")
    chat = cloud.chat_to_write(ask, topic_id)
    return chat, topic_id if chat.is_forum else 0


def _original(cloud: Cloud, ask: Parameters, verb: str) -> Accepted:
    source = cloud.chats.find(ask.text("from_chat_id"))
    source.require_access()
    message = cloud.journal.find(source.chat_id, ask.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if source.protected or message.extra:
        raise bad_request(f"message can't be {'forwarded' if verb == 'forward' else 'copied'}")
    return message


def _content(message: Accepted) -> Json:
    return {
        "text": message.text,
        "entities": message.entities,
        "links": message.links,
        "photo": message.photo,
    }


def _reply_to(cloud: Cloud, ask: Parameters, chat: Chat) -> int:
    """The message that is answered; a missing one is an error unless the bot allowed it."""
    wish = ask.value("reply_parameters") or {}
    message_id = int(wish.get("message_id", 0)) or ask.integer("reply_to_message_id")
    if not message_id or cloud.journal.find(chat.chat_id, message_id) is not None:
        return message_id
    if wish.get("allow_sending_without_reply") or ask.flag("allow_sending_without_reply"):
        return 0
    raise bad_request("message to be replied not found")
