"""Methods that change or delete messages."""

from simulation.botapi.answers import Json, bad_request
from simulation.botapi.cloud import Cloud
from simulation.botapi.journal import Accepted
from simulation.botapi.keyboards import checked_keyboard
from simulation.botapi.parameters import Parameters
from simulation.botapi.shown import message_json
from simulation.botapi.texts import Text, caption_text, message_text

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
DELETABLE_S = 48 * 3600


def edit_message_text(cloud: Cloud, ask: Parameters) -> Json:
    """`editMessageText`."""
    text = message_text(ask, refuse_links=cloud.flood.limits.refuse_bad_links)
    message = _editable(cloud, ask)
    if message.photo:
        raise bad_request("there is no text in the message to edit")
    return _change(cloud, message, text, checked_keyboard(ask), "editMessageText")


def edit_message_caption(cloud: Cloud, ask: Parameters) -> Json:
    """`editMessageCaption`."""
    text = caption_text(ask, refuse_links=cloud.flood.limits.refuse_bad_links)
    message = _editable(cloud, ask)
    if not message.photo:
        raise bad_request("there is no caption in the message to edit")
    return _change(cloud, message, text, checked_keyboard(ask), "editMessageCaption")


def edit_message_reply_markup(cloud: Cloud, ask: Parameters) -> Json:
    """`editMessageReplyMarkup`."""
    message = _editable(cloud, ask)
    text = Text(message.text, message.entities)
    return _change(cloud, message, text, checked_keyboard(ask), "editMessageReplyMarkup")


def delete_message(cloud: Cloud, ask: Parameters) -> bool:
    """`deleteMessage`."""
    chat = cloud.chats.find(ask.text("chat_id"))
    chat.require_access()
    message = cloud.journal.find(chat.chat_id, ask.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    mine = message.sender is cloud.bot
    rights = chat.bot_status == "administrator" or (chat.kind == "private" and not message.extra)
    if not (mine or rights) or (mine and not rights and cloud.now() - message.at > DELETABLE_S):
        raise bad_request("message can't be deleted")
    message.deleted_at = cloud.now()
    cloud.journal.changed(message)
    return True


def _editable(cloud: Cloud, ask: Parameters) -> Accepted:
    chat = cloud.chats.find(ask.text("chat_id"))
    chat.require_access()
    message = cloud.journal.find(chat.chat_id, ask.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    overwritable = chat.kind == "channel" and chat.bot_status == "administrator"
    if message.origin is not None or (message.sender is not cloud.bot and not overwritable):
        raise bad_request("message can't be edited")
    return message


def _change(cloud: Cloud, message: Accepted, text: Text, keyboard: Json | None, method: str) -> Json:
    before = (message.text, message.entities, message.reply_markup)
    if before == (text.text, text.entities, keyboard):
        raise bad_request(NOT_MODIFIED)
    cloud.admit(method, message.chat)
    message.change(text, keyboard, cloud.now())
    cloud.journal.changed(message)
    return message_json(message)
